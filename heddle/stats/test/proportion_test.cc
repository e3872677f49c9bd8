#include "heddle/stats/proportion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/stats/distributions.h"
#include "heddle/stats/test/evidence_reference.h"
#include "heddle/stats/training_seeds.h"

namespace heddle::stats {
namespace {

TEST(WilsonInterval, AgreesWithStatsmodels) {
  for (const auto& row : EvidenceRows("wilson")) {
    const Interval interval = WilsonInterval(row[0], row[1]);
    EXPECT_NEAR(interval.low, row[2], 1e-12) << row;
    EXPECT_NEAR(interval.high, row[3], 1e-12) << row;
  }
}

// Exact, over all outcomes.
TEST(WilsonInterval, CoversFrom93PercentUpwards) {
  constexpr int64_t kTrials = 50;
  double mean = 0;
  int count = 0;
  for (double rate = 0.05; rate < 0.951; rate += 0.005, ++count) {
    double covered = 0;
    for (int64_t x = 0; x <= kTrials; ++x) {
      const Interval interval = WilsonInterval(static_cast<double>(x), kTrials);
      if (interval.low <= rate && rate <= interval.high) covered += BinomialMass(x, kTrials, rate);
    }
    EXPECT_GT(covered, 0.925) << rate;
    mean += covered;
  }
  EXPECT_NEAR(mean / count, 0.95, 0.01);
}

TEST(DesignEffect, IsOneWhereNothingIsRepeated) {
  EXPECT_EQ(DesignEffect(std::vector<ClusteredValue>{{0, 0, 1}, {1, 0, 0}, {2, 0, 1}}), 1);
}

TEST(DesignEffect, IsTheNumberOfCopies) {
  std::vector<ClusteredValue> values;
  for (int64_t cluster = 0; cluster < 40; ++cluster) {
    for (int64_t stratum = 0; stratum < 3; ++stratum)
      values.push_back({cluster, stratum, cluster % 3 == 0 ? 1.0 : 0.0});
  }
  EXPECT_NEAR(DesignEffect(values), 3, 1e-12);
}

TEST(DesignEffect, OfIndependentStrataIsAboutOneThoughTheirMeansDiffer) {
  RandomStream random(3, "design effect");
  std::vector<ClusteredValue> values;
  for (int64_t cluster = 0; cluster < 3000; ++cluster) {
    for (int64_t stratum = 0; stratum < 3; ++stratum) {
      values.push_back({cluster, stratum, random.Uniform() < 0.2 + 0.3 * static_cast<double>(stratum) ? 1.0 : 0.0});
    }
  }
  EXPECT_NEAR(DesignEffect(values), 1, 0.06);
}

// Recipes differ by nothing on average; each training seed by N(0, .05), each episode has its own difficulty.
TEST(TrainingSeedsInterval, CoversTheMeanOverTrainingSeedsAndEpisodes) {
  constexpr int kTrials = 2000;
  RandomStream random(5, "training seeds");
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> seeds(4);
    for (double& seed : seeds) seed = 0.05 * random.Normal();
    std::vector<ClusteredValue> values;
    for (int64_t episode = 0; episode < 60; ++episode) {
      const double shift = 0.15 * random.Normal();
      for (size_t s = 0; s < seeds.size(); ++s) {
        values.push_back({episode, static_cast<int64_t>(s), seeds[s] + shift + 0.3 * random.Normal()});
      }
    }
    const Interval interval = *TrainingSeedsInterval(values);
    covered += interval.low <= 0 && 0 <= interval.high;
  }
  EXPECT_NEAR(covered / double{kTrials}, 0.955, 0.02);
}

TEST(TrainingSeedsInterval, NeedsThreeTrainingSeeds) {
  EXPECT_FALSE(TrainingSeedsInterval(std::vector<ClusteredValue>{{0, 0, 1}, {1, 0, 0}, {0, 1, 1}, {1, 1, -1}}));
}

}  // namespace
}  // namespace heddle::stats
