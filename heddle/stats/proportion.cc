#include "heddle/stats/proportion.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/stats/distributions.h"

namespace heddle::stats {

Interval WilsonInterval(double successes, double n, double level) {
  HEDDLE_DEMAND(n > 0 && successes >= 0 && successes <= n && level > 0 && level < 1);
  const double z = NormalQuantile((1 + level) / 2), rate = successes / n;
  const double middle = (successes + z * z / 2) / (n + z * z);
  const double half = z / (n + z * z) * std::sqrt(n * rate * (1 - rate) + z * z / 4);
  // At the ends the formula gives 0 and 1 but for rounding.
  return {successes == 0 ? 0 : std::max(middle - half, 0.0), successes == n ? 1 : std::min(middle + half, 1.0)};
}

double DesignEffect(std::span<const ClusteredValue> values) {
  std::map<int64_t, std::pair<double, double>> strata;  // sum, count
  for (const ClusteredValue& v : values) {
    strata[v.stratum].first += v.value;
    strata[v.stratum].second += 1;
  }
  std::map<int64_t, double> clusters;
  double independent = 0;
  for (const ClusteredValue& v : values) {
    const auto& [sum, count] = strata[v.stratum];
    const double rest = v.value - sum / count;
    clusters[v.cluster] += rest;
    independent += rest * rest;
  }
  if (clusters.size() == values.size() || !(independent > 0)) return 1;
  double together = 0;
  for (const auto& [cluster, rest] : clusters) together += rest * rest;
  return std::max(together / independent, 1.0);
}

}  // namespace heddle::stats
