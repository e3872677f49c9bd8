#include "heddle/stats/unpaired.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/stats/distributions.h"

namespace heddle::stats {
namespace {

constexpr int64_t kMostForBoschloo = 1000;
// Tables whose probabilities are equal but for rounding count as equally likely.
constexpr double kTie = 1 + 1e-7;

void Demand(const RateCounts& counts) {
  HEDDLE_DEMAND(counts.n > 0 && counts.successes >= 0 && counts.successes <= counts.n);
}

// The most likely rate of a where rate(b) = rate(a) + difference: a root of a cubic in closed form.
double RateGiven(const RateCounts& a, const RateCounts& b, double difference) {
  const auto na = static_cast<double>(a.n), nb = static_cast<double>(b.n), n = na + nb;
  const auto xa = static_cast<double>(a.successes), x = xa + static_cast<double>(b.successes);
  const double l2 = (nb + 2 * na) * difference - n - x;
  const double l1 = (na * difference - n - 2 * xa) * difference + x;
  const double l0 = xa * difference * (1 - difference);
  const double q = std::pow(l2 / (3 * n), 3) - l1 * l2 / (6 * n * n) + l0 / (2 * n);
  const double p = std::copysign(std::sqrt(std::max(std::pow(l2 / (3 * n), 2) - l1 / (3 * n), 0.0)), q);
  const double cosine = p == 0 ? 0 : std::clamp(q / (p * p * p), -1.0, 1.0);
  const double angle = (std::numbers::pi + std::acos(cosine)) / 3;
  return 2 * p * std::cos(angle) - l2 / (3 * n);
}

double Score(const RateCounts& a, const RateCounts& b, double difference) {
  const auto na = static_cast<double>(a.n), nb = static_cast<double>(b.n), n = na + nb;
  const double rate_a =
      std::clamp(RateGiven(a, b, difference), std::max(0.0, -difference), std::min(1.0, 1 - difference));
  const double rate_b = std::clamp(rate_a + difference, 0.0, 1.0);
  const double variance = (rate_a * (1 - rate_a) / na + rate_b * (1 - rate_b) / nb) * n / (n - 1);
  const double distance = b.rate() - a.rate() - difference;
  if (std::abs(distance) < 1e-12) return 0;
  return variance < 1e-15 ? std::copysign(HUGE_VAL, distance) : distance / std::sqrt(variance);
}

double DifferenceAtScore(const RateCounts& a, const RateCounts& b, double score) {
  double low = -1, high = 1;
  for (int k = 0; k < 50; ++k) {
    const double middle = (low + high) / 2;
    (Score(a, b, middle) > score ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Fisher's p of every table with `total` successes in all; entry i is that of first + i successes of a.
struct FisherTables {
  int64_t first;
  std::vector<double> p;
};

FisherTables FisherOfTotal(int64_t na, int64_t nb, int64_t total) {
  FisherTables tables{std::max<int64_t>(0, total - nb), {}};
  const int64_t last = std::min(na, total);
  std::vector<double> mass;
  for (int64_t x = tables.first; x <= last; ++x) {
    mass.push_back(std::exp(LogChoose(na, x) + LogChoose(nb, total - x) - LogChoose(na + nb, total)));
  }
  std::vector<double> sorted = mass, sums(mass.size());
  std::sort(sorted.begin(), sorted.end());
  double sum = 0;
  for (size_t i = 0; i < sorted.size(); ++i) sums[i] = sum += sorted[i];
  for (const double m : mass) {
    const auto above = std::upper_bound(sorted.begin(), sorted.end(), m * kTie);
    tables.p.push_back(std::min(sums[static_cast<size_t>(above - sorted.begin()) - 1], 1.0));
  }
  return tables;
}

std::vector<double> BinomialMasses(int64_t n, double rate) {
  std::vector<double> mass(static_cast<size_t>(n + 1));
  for (int64_t x = 0; x <= n; ++x) mass[static_cast<size_t>(x)] = BinomialMass(x, n, rate);
  return mass;
}

// For each number of successes of a, the numbers of b that are as extreme as what was seen: not a range, as both tails
// are.
class Region {
 public:
  Region(int64_t na, int64_t nb, double p) : na_(na), nb_(nb), tables_(static_cast<size_t>(na + 1)) {
    for (int64_t total = 0; total <= na + nb; ++total) {
      const FisherTables fisher = FisherOfTotal(na, nb, total);
      for (size_t i = 0; i < fisher.p.size(); ++i) {
        const int64_t x = fisher.first + static_cast<int64_t>(i);
        if (fisher.p[i] <= p * kTie) tables_[static_cast<size_t>(x)].push_back(total - x);
      }
    }
  }
  double Mass(double rate) const {
    const std::vector<double> of_a = BinomialMasses(na_, rate), of_b = BinomialMasses(nb_, rate);
    double sum = 0;
    for (size_t x = 0; x < tables_.size(); ++x) {
      double inner = 0;
      for (const int64_t y : tables_[x]) inner += of_b[static_cast<size_t>(y)];
      sum += of_a[x] * inner;
    }
    return sum;
  }

 private:
  int64_t na_, nb_;
  std::vector<std::vector<int64_t>> tables_;
};

// The largest mass over all rates: a grid that is even in arcsine, then finer around its best point.
double LargestMass(const Region& region) {
  const auto mass_at = [&](double angle) { return region.Mass(std::pow(std::sin(angle), 2)); };
  constexpr int kSteps = 200;
  double step = std::numbers::pi / 2 / kSteps, best_angle = 0, best = 0;
  const auto look_at = [&](double angle) {
    if (angle <= 0 || angle >= std::numbers::pi / 2) return;
    const double mass = mass_at(angle);
    if (mass > best) best = mass, best_angle = angle;
  };
  for (int k = 1; k < kSteps; ++k) look_at(k * step);
  for (int round = 0; round < 12; ++round) {
    step /= 2;
    const double around = best_angle;
    look_at(around - step), look_at(around + step);
  }
  return std::min(best, 1.0);
}

}  // namespace

Interval UnpairedInterval(const RateCounts& a, const RateCounts& b, double level) {
  Demand(a), Demand(b);
  const double z = NormalQuantile((1 + level) / 2);
  return {DifferenceAtScore(a, b, z), DifferenceAtScore(a, b, -z)};
}

double UnpairedNonInferiorityP(const RateCounts& a, const RateCounts& b, double margin) {
  Demand(a), Demand(b);
  HEDDLE_DEMAND(margin > 0 && margin < 1);
  return NormalTail(Score(a, b, -margin));
}

double FisherP(const RateCounts& a, const RateCounts& b) {
  Demand(a), Demand(b);
  const FisherTables tables = FisherOfTotal(a.n, b.n, a.successes + b.successes);
  return tables.p[static_cast<size_t>(a.successes - tables.first)];
}

double BoschlooP(const RateCounts& a, const RateCounts& b) {
  const double fisher = FisherP(a, b);
  if (a.n > kMostForBoschloo || b.n > kMostForBoschloo) return fisher;
  return std::min(LargestMass(Region(a.n, b.n, fisher)), fisher);
}

}  // namespace heddle::stats
