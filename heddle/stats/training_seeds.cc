#include "heddle/stats/training_seeds.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "heddle/stats/distributions.h"

namespace heddle::stats {
namespace {

constexpr size_t kFewestSeeds = 3;

struct Sum {
  double sum = 0, count = 0;
  void Add(double value) { sum += value, count += 1; }
  double mean() const { return sum / count; }
};

}  // namespace

std::optional<Interval> TrainingSeedsInterval(std::span<const ClusteredValue> differences, double level) {
  std::map<int64_t, Sum> strata;
  for (const ClusteredValue& d : differences) strata[d.stratum].Add(d.value);
  if (strata.size() < kFewestSeeds) return std::nullopt;
  std::vector<double> means;
  for (const auto& [stratum, sum] : strata) means.push_back(sum.mean());

  std::map<int64_t, double> clusters;
  double independent = 0, together = 0;
  for (const ClusteredValue& d : differences) {
    const double rest = d.value - strata[d.stratum].mean();
    clusters[d.cluster] += rest;
    independent += rest * rest;
  }
  for (const auto& [cluster, rest] : clusters) together += rest * rest;
  const auto n = static_cast<double>(differences.size());
  const double shared = std::max(together - independent, 0.0) / (n * n);

  const auto seeds = static_cast<double>(means.size());
  const double t = TQuantile((1 + level) / 2, seeds - 1), z = NormalQuantile((1 + level) / 2);
  const double half = std::hypot(t * StandardDeviation(means) / std::sqrt(seeds), z * std::sqrt(shared));
  const double middle = Mean(means);
  return Interval{std::max(middle - half, -1.0), std::min(middle + half, 1.0)};
}

}  // namespace heddle::stats
