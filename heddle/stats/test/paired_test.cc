#include "heddle/stats/paired.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "heddle/stats/corrections.h"
#include "heddle/stats/distributions.h"
#include "heddle/stats/paired_power.h"
#include "heddle/stats/test/evidence_reference.h"

namespace heddle::stats {
namespace {

// Calls use(better, worse, probability) for all outcomes of n pairs.
template <class Use>
void ForAllOutcomes(int64_t n, double p_better, double p_worse, const Use& use) {
  const double discordance = p_better + p_worse;
  for (int64_t m = 0; m <= n; ++m) {
    const double mass = BinomialMass(m, n, discordance);
    for (int64_t better = 0; better <= m; ++better) {
      use(better, m - better, mass * BinomialMass(better, m, p_better / discordance));
    }
  }
}

double McNemarP(int64_t better, int64_t worse) { return ExactPairedP({{1, better + worse}}, better - worse); }

TEST(PairedInterval, AgreesWithTheNumericallyMaximisedLikelihood) {
  for (const auto& row : EvidenceRows("tango")) {
    const Interval interval = PairedInterval({row[0], row[1], row[2]});
    EXPECT_NEAR(interval.low, row[3], 1e-6) << row;
    EXPECT_NEAR(interval.high, row[4], 1e-6) << row;
  }
}

TEST(PairedInterval, TurnsWithThePolicies) {
  const Interval one = PairedInterval({9, 4, 40}), other = PairedInterval({4, 9, 40});
  EXPECT_NEAR(one.low, -other.high, 1e-12);
  EXPECT_NEAR(one.high, -other.low, 1e-12);
}

TEST(PairedInterval, OfNoDiscordantPairsStillHasAWidth) {
  const Interval interval = PairedInterval({0, 0, 50});
  EXPECT_NEAR(interval.low, -interval.high, 1e-12);
  EXPECT_NEAR(interval.high, 0.0713, 0.0005);  // z^2/(n + z^2)
}

TEST(PairedInterval, OfAllPairsDiscordantEndsAtOne) {
  EXPECT_NEAR(PairedInterval({50, 0, 50}).high, 1, 1e-9);
  EXPECT_NEAR(PairedInterval({50, 0, 50}).low, 0.8573, 1e-4);  // (n - z^2)/(n + z^2)
}

TEST(PairedInterval, CoversWhateverTheDependenceWithinPairs) {
  constexpr int64_t kPairs = 50;
  for (const double discordance : {0.1, 0.2, 0.4, 0.6}) {
    for (const double share : {0.5, 0.7, 0.9}) {
      const double p_better = discordance * share, p_worse = discordance - p_better;
      double covered = 0;
      ForAllOutcomes(kPairs, p_better, p_worse, [&](int64_t better, int64_t worse, double mass) {
        const PairedCounts counts{static_cast<double>(better), static_cast<double>(worse), kPairs};
        if (std::abs(PairedScore(counts, p_better - p_worse)) <= 1.959964) covered += mass;
      });
      EXPECT_GT(covered, 0.93) << discordance << " " << share;
      EXPECT_LT(covered, 0.985) << discordance << " " << share;
    }
  }
}

TEST(ExactPairedP, AgreesWithStatsmodelsForOneTrainingSeed) {
  for (const auto& row : EvidenceRows("mcnemar")) {
    EXPECT_NEAR(McNemarP(row[0], row[1]), row[2], 1e-12) << row;
  }
  EXPECT_EQ(ExactPairedP({}, 0), 1);
}

TEST(ExactPairedP, AgreesWithAllSignsForSeveralTrainingSeeds) {
  for (const auto& row : EvidenceRows("sign_flip")) {
    std::map<int64_t, int64_t> magnitudes;
    for (const int64_t size : row[0]) ++magnitudes[size];
    EXPECT_NEAR(ExactPairedP(magnitudes, row[1]), row[2], 1e-12) << row;
  }
}

TEST(ExactPairedP, HoldsItsLevelWhateverTheDiscordance) {
  for (const int64_t n : {20, 50, 120}) {
    for (const double discordance : {0.02, 0.1, 0.3, 0.6, 1.0}) {
      double size = 0;
      ForAllOutcomes(n, discordance / 2, discordance / 2, [&](int64_t better, int64_t worse, double mass) {
        if (McNemarP(better, worse) <= 0.05) size += mass;
      });
      EXPECT_LE(size, 0.05) << n << " " << discordance;
    }
  }
}

TEST(NonInferiorityP, IsTheIntervalsLowerEnd) {
  const PairedCounts counts{20, 22, 200};
  const double low = PairedInterval(counts).low;
  EXPECT_NEAR(NonInferiorityP(counts, -low), 0.025, 1e-6);
  EXPECT_LT(NonInferiorityP(counts, -low + 0.02), 0.025);
}

TEST(PairedPower, AgreesWithTheSumOverAllOutcomes) {
  for (const auto& row : EvidenceRows("paired_power")) {
    EXPECT_NEAR(PairedPower(row[0], row[1], row[2]), row[3], 1e-9) << row;
  }
}

TEST(PairedPower, ThePairsNeededAreEnoughAndFewerAreNot) {
  const int64_t n = PairsNeeded(0.1, 0.25);
  EXPECT_GE(PairedPower(n, 0.1, 0.25), 0.8);
  EXPECT_LT(PairedPower(n * 9 / 10, 0.1, 0.25), 0.8);
  EXPECT_NEAR(static_cast<double>(n), 195, 15);  // (1.96 sqrt(.25) + .84 sqrt(.25 - .01))^2 / .01, and a little more
  EXPECT_NEAR(DetectableDifference(n, 0.25), 0.1, 0.003);
}

TEST(PairedPower, HasAnEnd) { EXPECT_EQ(PairsNeeded(0.0005, 0.5), kMostPairs); }

TEST(HolmP, AgreesWithStatsmodels) {
  const auto reference = EvidenceReference("holm");
  const std::vector<double> p = reference.at("p"), corrected = HolmP(p, static_cast<int64_t>(p.size()));
  for (size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(corrected[i], reference.at("corrected")[i], 1e-12);
}

TEST(HolmP, CountsWhatWasThereToChooseFrom) {
  EXPECT_EQ(HolmP(std::vector<double>{0.01}, 7), std::vector<double>{0.07});
  EXPECT_EQ(HolmP(std::vector<double>{0.3}, 7), std::vector<double>{1});
}

}  // namespace
}  // namespace heddle::stats
