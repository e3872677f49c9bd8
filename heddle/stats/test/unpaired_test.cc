#include "heddle/stats/unpaired.h"

#include <gtest/gtest.h>

#include <vector>

#include "heddle/stats/distributions.h"
#include "heddle/stats/test/evidence_reference.h"

namespace heddle::stats {
namespace {

RateCounts A(const nlohmann::json& row) { return {row[0], row[1]}; }
RateCounts B(const nlohmann::json& row) { return {row[2], row[3]}; }

TEST(UnpairedInterval, AgreesWithTheNumericallyMaximisedLikelihood) {
  for (const auto& row : EvidenceRows("unpaired_interval")) {
    const Interval interval = UnpairedInterval(A(row), B(row));
    EXPECT_NEAR(interval.low, row[4], 1e-6) << row;
    EXPECT_NEAR(interval.high, row[5], 1e-6) << row;
  }
}

TEST(UnpairedInterval, TurnsWithThePolicies) {
  const Interval one = UnpairedInterval({9, 30}, {20, 45}), other = UnpairedInterval({20, 45}, {9, 30});
  EXPECT_NEAR(one.low, -other.high, 1e-12);
  EXPECT_NEAR(one.high, -other.low, 1e-12);
}

// Exact, over all outcomes.
TEST(UnpairedInterval, CoversAtEveryPairOfRates) {
  constexpr int64_t kTrials = 40;
  std::vector<Interval> table;
  for (int64_t x = 0; x <= kTrials; ++x) {
    for (int64_t y = 0; y <= kTrials; ++y) table.push_back(UnpairedInterval({x, kTrials}, {y, kTrials}));
  }
  double mean = 0;
  int count = 0;
  for (double a = 0.05; a < 0.96; a += 0.15) {
    for (double b = 0.05; b < 0.96; b += 0.15, ++count) {
      double covered = 0;
      for (int64_t x = 0; x <= kTrials; ++x) {
        for (int64_t y = 0; y <= kTrials; ++y) {
          const Interval& interval = table[static_cast<size_t>(x * (kTrials + 1) + y)];
          const bool holds = interval.low <= b - a + 1e-9 && b - a - 1e-9 <= interval.high;
          if (holds) covered += BinomialMass(x, kTrials, a) * BinomialMass(y, kTrials, b);
        }
      }
      EXPECT_GT(covered, 0.925) << a << " " << b;
      EXPECT_LT(covered, 0.975) << a << " " << b;
      mean += covered;
    }
  }
  EXPECT_NEAR(mean / count, 0.95, 0.01);
}

TEST(UnpairedNonInferiorityP, IsTheIntervalsLowerEnd) {
  const RateCounts a{40, 60}, b{38, 60};
  EXPECT_NEAR(UnpairedNonInferiorityP(a, b, -UnpairedInterval(a, b).low), 0.025, 1e-6);
}

TEST(FisherP, AgreesWithScipy) {
  for (const auto& row : EvidenceRows("fisher")) EXPECT_NEAR(FisherP(A(row), B(row)), row[4], 1e-9) << row;
}

TEST(BoschlooP, AgreesWithAFineGrid) {
  for (const auto& row : EvidenceRows("boschloo")) {
    EXPECT_NEAR(BoschlooP(A(row), B(row)), row[4], 1e-6) << row;
  }
}

TEST(BoschlooP, HoldsItsLevelAtEveryRateAndFindsMoreThanFisher) {
  constexpr int64_t kTrials = 15;
  double power_boschloo = 0, power_fisher = 0;
  for (const double rate : {0.05, 0.2, 0.35, 0.5}) {
    double size = 0;
    for (int64_t x = 0; x <= kTrials; ++x) {
      for (int64_t y = 0; y <= kTrials; ++y) {
        const double boschloo = BoschlooP({x, kTrials}, {y, kTrials}), fisher = FisherP({x, kTrials}, {y, kTrials});
        EXPECT_LE(boschloo, fisher);
        const double of_x = BinomialMass(x, kTrials, rate);
        if (boschloo <= 0.05) size += of_x * BinomialMass(y, kTrials, rate);
        if (boschloo <= 0.05) power_boschloo += of_x * BinomialMass(y, kTrials, rate + 0.4);
        if (fisher <= 0.05) power_fisher += of_x * BinomialMass(y, kTrials, rate + 0.4);
      }
    }
    EXPECT_LE(size, 0.05 + 1e-9) << rate;
  }
  EXPECT_GT(power_boschloo, power_fisher + 0.1);
}

TEST(BoschlooP, ManyTrialsFallBackToFisher) {
  EXPECT_EQ(BoschlooP({600, 1200}, {650, 1200}), FisherP({600, 1200}, {650, 1200}));
}

}  // namespace
}  // namespace heddle::stats
