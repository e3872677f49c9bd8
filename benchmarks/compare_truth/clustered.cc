#include "benchmarks/compare_truth/episodes.h"
#include "benchmarks/compare_truth/truth.h"
#include "heddle/stats/paired.h"
#include "heddle/stats/proportion.h"
#include "heddle/stats/training_seeds.h"

namespace truth {
namespace {

namespace stats = heddle::stats;
using stats::ClusteredValue;

bool Holds(const stats::Interval& interval, double value) { return interval.low <= value && value <= interval.high; }

stats::Interval RateInterval(const std::vector<ClusteredValue>& values) {
  const double effect = stats::DesignEffect(values);
  double successes = 0;
  for (const auto& v : values) successes += v.value;
  return stats::WilsonInterval(successes / effect, static_cast<double>(values.size()) / effect);
}

stats::Interval DifferenceInterval(const std::vector<ClusteredValue>& values) {
  const double effect = stats::DesignEffect(values);
  stats::PairedCounts counts{.n = static_cast<double>(values.size()) / effect};
  for (const auto& v : values) {
    counts.better += (v.value > 0) / effect;
    counts.worse += (v.value < 0) / effect;
  }
  return stats::PairedInterval(counts);
}

}  // namespace

Rows ClusteredCoverage(int64_t runs) {
  Rows rows;
  const heddle::RandomStream root(1, "clustered coverage");
  for (const int64_t n : {50, 200}) {
    for (const double spread : {0.0, 0.3}) {
      heddle::RandomStream random = root.Split(static_cast<uint64_t>(n)).Split(spread > 0 ? 1 : 0);
      int64_t of_rate = 0, of_difference = 0;
      constexpr double kRate = 0.5, kEffect = 0.1;
      for (int64_t run = 0; run < runs; ++run) {
        const Episodes episodes = Draw(random, n, kRate, spread, kEffect);
        of_rate += Holds(RateInterval(episodes.a), kRate);
        of_difference += Holds(DifferenceInterval(episodes.differences), kEffect);
      }
      const auto share = [&](int64_t count) { return static_cast<double>(count) / static_cast<double>(runs); };
      for (const auto& [name, count] : {std::pair{"rate", of_rate}, {"paired difference", of_difference}}) {
        rows.push_back({{"what", "clustered-coverage"},
                        {"interval", name},
                        {"episodes", n},
                        {"training_seeds", kSeeds},
                        {"spread", spread},
                        {"runs", runs},
                        {"coverage", share(count)}});
      }
    }
  }
  return rows;
}

}  // namespace truth
