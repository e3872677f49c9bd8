#include "heddle/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/stats/distributions.h"

namespace heddle::stats {
namespace {

void RequireFinite(std::span<const double> values, size_t least) {
  if (values.size() < least) {
    ThrowInput("a summary of " + std::to_string(values.size()) + " values was asked for", "",
               "at least " + std::to_string(least) + " are needed");
  }
  for (size_t k = 0; k < values.size(); ++k) {
    if (!std::isfinite(values[k])) {
      ThrowInput("a value to be summarised is " + std::to_string(values[k]), "value " + std::to_string(k));
    }
  }
}

}  // namespace

double Mean(std::span<const double> values) {
  RequireFinite(values, 1);
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double GeometricMean(std::span<const double> values) {
  RequireFinite(values, 1);
  double sum = 0;
  for (size_t k = 0; k < values.size(); ++k) {
    if (!(values[k] > 0)) {
      ThrowInput("a geometric mean was asked for and a value is " + std::to_string(values[k]),
                 "value " + std::to_string(k));
    }
    sum += std::log(values[k]);
  }
  return std::exp(sum / static_cast<double>(values.size()));
}

double StandardDeviation(std::span<const double> values) {
  RequireFinite(values, 2);
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

Interval MeanInterval(std::span<const double> values, double level) {
  HEDDLE_DEMAND(level > 0 && level < 1);
  const double deviation = StandardDeviation(values), mean = Mean(values);
  const auto count = static_cast<double>(values.size());
  const double half = TQuantile((1 + level) / 2, count - 1) * deviation / std::sqrt(count);
  return {mean - half, mean + half};
}

double Quantile(std::span<const double> values, double p) {
  HEDDLE_DEMAND(p >= 0 && p <= 1);
  RequireFinite(values, 1);
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace heddle::stats
