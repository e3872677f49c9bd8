#include "heddle/stats/paired.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/stats/distributions.h"

namespace heddle::stats {
namespace {

// Less probable than anything that a test is asked for.
constexpr double kNothing = 1e-40;

// The most likely probability of `worse` given the difference: the root of a quadratic.
double WorseGiven(const PairedCounts& counts, double difference) {
  const double a = 2 * counts.n;
  const double b = -counts.better - counts.worse + (2 * counts.n - counts.better + counts.worse) * difference;
  const double c = -counts.worse * difference * (1 - difference);
  const double root = (std::sqrt(std::max(b * b - 4 * a * c, 0.0)) - b) / (2 * a);
  return std::clamp(root, std::max(0.0, -difference), std::max({0.0, -difference, (1 - difference) / 2}));
}

// The difference at which the falling statistic passes `score`.
double DifferenceAtScore(const PairedCounts& counts, double score) {
  double low = -1, high = 1;
  for (int k = 0; k < 50; ++k) {
    const double middle = (low + high) / 2;
    (PairedScore(counts, middle) > score ? low : high) = middle;
  }
  return (low + high) / 2;
}

// P of each value of the sum of `count` fair signs times k, at index value + count·k.
std::vector<double> SignedSum(int64_t k, int64_t count) {
  std::vector<double> probability(static_cast<size_t>(2 * k * count + 1), 0.0);
  for (int64_t plus = 0; plus <= count; ++plus) {
    probability[static_cast<size_t>(2 * k * plus)] = BinomialMass(plus, count, 0.5);
  }
  return probability;
}

std::vector<double> Convolved(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> sum(a.size() + b.size() - 1, 0.0);
  for (size_t i = 0; i < b.size(); ++i) {
    if (b[i] < kNothing) continue;
    for (size_t j = 0; j < a.size(); ++j) sum[i + j] += b[i] * a[j];
  }
  return sum;
}

// All episodes are of one size.
double SignP(const std::pair<const int64_t, int64_t>& magnitude, int64_t sum) {
  const auto& [k, count] = magnitude;
  HEDDLE_DEMAND(k > 0 && sum <= k * count);
  return std::min(1.0, 2 * BinomialTail((count + sum / k + 1) / 2, count, 0.5));
}

}  // namespace

double PairedScore(const PairedCounts& counts, double difference) {
  HEDDLE_DEMAND(counts.n > 0 && counts.better >= 0 && counts.worse >= 0 &&
                counts.better + counts.worse <= counts.n * (1 + 1e-12));
  const double distance = counts.better - counts.worse - counts.n * difference;
  const double variance = counts.n * (2 * WorseGiven(counts, difference) + difference * (1 - difference));
  if (std::abs(distance) < 1e-9 * counts.n) return 0;
  return variance < 1e-15 * counts.n ? std::copysign(HUGE_VAL, distance) : distance / std::sqrt(variance);
}

Interval PairedInterval(const PairedCounts& counts, double level) {
  const double z = NormalQuantile((1 + level) / 2);
  return {DifferenceAtScore(counts, z), DifferenceAtScore(counts, -z)};
}

double NonInferiorityP(const PairedCounts& counts, double margin) {
  HEDDLE_DEMAND(margin > 0 && margin < 1);
  return NormalTail(PairedScore(counts, -margin));
}

double ExactPairedP(const std::map<int64_t, int64_t>& magnitudes, int64_t sum) {
  if (sum == 0) return 1;
  if (magnitudes.size() == 1) return SignP(*magnitudes.begin(), std::abs(sum));
  std::vector<double> signed_sum = {1};
  int64_t most = 0;
  for (const auto& [k, count] : magnitudes) {
    HEDDLE_DEMAND(k > 0 && count >= 0);
    signed_sum = Convolved(SignedSum(k, count), signed_sum);
    most += k * count;
  }
  HEDDLE_DEMAND(std::abs(sum) <= most);
  double tail = 0;  // from the far end, where the terms are smallest
  for (int64_t value = -most; value <= -std::abs(sum); ++value) tail += signed_sum[static_cast<size_t>(value + most)];
  return std::min(2 * tail, 1.0);
}

}  // namespace heddle::stats
