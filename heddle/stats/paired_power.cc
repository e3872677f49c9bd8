#include "heddle/stats/paired_power.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"
#include "heddle/stats/distributions.h"

namespace heddle::stats {
namespace {

// The fewest pairs for one side, of m discordant ones, that the test rejects with; m + 1 if none does.
int64_t CriticalCount(int64_t m, double level) {
  int64_t low = m / 2, high = m + 1;  // low does not reject, high does
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (2 * BinomialTail(middle, m, 0.5) <= level ? high : low) = middle;
  }
  return high;
}

}  // namespace

double PairedPower(int64_t n, double difference, double discordance, double level) {
  HEDDLE_DEMAND(n >= 1 && std::abs(difference) <= 1 && discordance >= 0 && discordance <= 1);
  const double psi = std::max(discordance, std::abs(difference));
  if (psi == 0) return 0;
  const double better = std::clamp((psi + std::abs(difference)) / (2 * psi), 0.0, 1.0);
  const auto count = static_cast<double>(n);
  const double reach = 6 * std::sqrt(count * psi * (1 - psi)) + 6;
  const auto first = static_cast<int64_t>(std::max(0.0, std::floor(count * psi - reach)));
  const auto last = static_cast<int64_t>(std::min(count, std::ceil(count * psi + reach)));
  double power = 0;
  for (int64_t m = first; m <= last; ++m) {
    const int64_t critical = CriticalCount(m, level);
    const double rejects = BinomialTail(critical, m, better) + BinomialTail(critical, m, 1 - better);
    power += BinomialMass(m, n, psi) * std::min(rejects, 1.0);
  }
  return power;
}

int64_t PairsNeeded(double difference, double discordance, double power, double level) {
  HEDDLE_DEMAND(difference > 0 && difference <= 1);
  const auto enough = [&](int64_t n) { return PairedPower(n, difference, discordance, level) >= power; };
  int64_t low = 1, high = 2;
  while (high < kMostPairs && !enough(high)) low = high, high *= 2;
  if (high >= kMostPairs) return kMostPairs;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

double DetectableDifference(int64_t n, double discordance, double power, double level) {
  double low = 0, high = 1;
  for (int k = 0; k < 20; ++k) {
    const double middle = (low + high) / 2;
    (PairedPower(n, middle, discordance, level) >= power ? high : low) = middle;
  }
  return high;
}

}  // namespace heddle::stats
