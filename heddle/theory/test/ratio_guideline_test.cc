#include "heddle/theory/ratio_guideline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "heddle/core/error.h"
#include "heddle/theory/retrodiction.h"

namespace heddle::theory {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Rule = RatioGuideline::Rule;
using Sizes = std::vector<double>;

TEST(GuideRatio, OfThePaperSizes) {
  const RatioGuideline guideline = GuideRatio(50, Sizes{3000});
  EXPECT_EQ(guideline.rule, Rule::kSquareRoot);
  EXPECT_NEAR(guideline.natural, 50.0 / 3050, 1e-15);
  EXPECT_NEAR(guideline.low, 0.0164, 5e-5);
  EXPECT_NEAR(guideline.high, 0.1291, 5e-5);
  EXPECT_FALSE(guideline.capped);
  EXPECT_THAT(guideline.Explain(), HasSubstr("search w in [0.016, 0.129]"));
}

TEST(GuideRatio, SumsSurrogates) {
  EXPECT_EQ(GuideRatio(50, Sizes{1000, 1500, 500}).high, GuideRatio(50, Sizes{3000}).high);
  EXPECT_EQ(GuideRatio(50, Sizes{1000, 1500, 500}).low, GuideRatio(50, Sizes{3000}).low);
}

TEST(GuideRatio, TakesTheShareRuleUpToFiveTimesAndTheRootAbove) {
  const RatioGuideline five = GuideRatio(10, Sizes{50}), more = GuideRatio(10, Sizes{50.001});
  EXPECT_EQ(five.rule, Rule::kShare);
  EXPECT_NEAR(five.high, 8.0 / (0.2 * 50 + 8), 1e-15);
  EXPECT_EQ(more.rule, Rule::kSquareRoot);
  EXPECT_NEAR(more.high, std::sqrt(10 / 50.001), 1e-15);
}

TEST(GuideRatio, ShareRuleGivesOneTargetWindowTheShareQOfAPair) {
  const double n = 10, m = 45, q = 0.7;
  const double w = GuideRatio(n, Sizes{m}, {.q = q}).high;
  EXPECT_NEAR(w / n / (w / n + (1 - w) / m), q, 1e-14);
}

TEST(GuideRatio, CapsTheUpperEndAtOneHalf) {
  const RatioGuideline guideline = GuideRatio(10, Sizes{30});
  EXPECT_TRUE(guideline.capped);
  EXPECT_EQ(guideline.high, 0.5);
  EXPECT_EQ(guideline.low, 0.25);
  EXPECT_THAT(guideline.Explain(), HasSubstr("capped"));
}

TEST(GuideRatio, SuggestsTheNaturalRatioWhereTheTargetIsNotScarce) {
  for (const double n : {30.0, 90.0}) {
    const RatioGuideline guideline = GuideRatio(n, Sizes{30});
    EXPECT_EQ(guideline.rule, Rule::kNatural);
    EXPECT_EQ(guideline.low, n / (n + 30));
    EXPECT_EQ(guideline.high, guideline.low);
    EXPECT_THAT(guideline.Explain(), HasSubstr("the natural ratio, is suggested"));
  }
  EXPECT_EQ(GuideRatio(29.99, Sizes{30}).rule, Rule::kShare);
}

TEST(GuideRatio, ShiftsTheOddsOfBothEndsForALargeGapWhenAsked) {
  const RatioGuideline plain = GuideRatio(50, Sizes{3000}), shifted = GuideRatio(50, Sizes{3000}, {.gap_odds = 3});
  const auto odds = [](double w) { return w / (1 - w); };
  EXPECT_NEAR(odds(shifted.low), 3 * odds(plain.low), 1e-14);
  EXPECT_NEAR(odds(shifted.high), 3 * odds(plain.high), 1e-14);
  EXPECT_EQ(shifted.natural, plain.natural);
  EXPECT_GT(shifted.high, 0.3);  // the largest best w that was published lies inside
  EXPECT_THAT(shifted.Explain(), HasSubstr("shifted up for a large gap"));
  const RatioGuideline far = GuideRatio(50, Sizes{3000}, {.gap_odds = 1000});
  EXPECT_EQ(far.high, 0.5);
  EXPECT_EQ(far.low, 0.5);
}

TEST(GuideRatio, RangeIsOrderedAndGrowsWithTheTarget) {
  RatioGuideline last;
  for (double n = 1; n < 3000; n *= 1.3) {
    const RatioGuideline guideline = GuideRatio(n, Sizes{3000});
    EXPECT_LE(guideline.low, guideline.high);
    EXPECT_LE(guideline.high, 0.5);
    EXPECT_GT(guideline.low, last.low);
    last = guideline;
  }
}

TEST(ShareAmongSurrogates, FollowsSizeByTau) {
  EXPECT_THAT(ShareAmongSurrogates(0.1, Sizes{100, 300}, 1),
              ElementsAre(DoubleNear(0.225, 1e-15), DoubleNear(0.675, 1e-15)));
  EXPECT_THAT(ShareAmongSurrogates(0.1, Sizes{100, 300}, 0), ElementsAre(0.45, 0.45));
  EXPECT_THAT(ShareAmongSurrogates(0, Sizes{100, 400}, 0.5),
              ElementsAre(DoubleNear(1.0 / 3, 1e-15), DoubleNear(2.0 / 3, 1e-15)));
  const auto shares = ShareAmongSurrogates(0.3, Sizes{1e300, 1, 5e250}, 3);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 0.7, 1e-15);
}

std::string Refusal(const std::function<void()>& call, ErrorKind kind) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(GuideRatio, RefusesEmptySidesAndOptionsOutOfRange) {
  EXPECT_THAT(Refusal([] { GuideRatio(0, Sizes{30}); }, ErrorKind::kInput), HasSubstr("the target has 0 windows"));
  EXPECT_THAT(Refusal([] { GuideRatio(5, Sizes{30, 0}); }, ErrorKind::kInput), HasSubstr("surrogate 1 has 0 windows"));
  EXPECT_THAT(Refusal([] { GuideRatio(5, Sizes{}); }, ErrorKind::kInput), HasSubstr("no surrogate"));
  EXPECT_THAT(Refusal([] { GuideRatio(NAN, Sizes{30}); }, ErrorKind::kInput), HasSubstr("nan windows"));
  EXPECT_THAT(Refusal([] { GuideRatio(-2, Sizes{30}); }, ErrorKind::kInput), HasSubstr("-2 windows"));
  Refusal([] { GuideRatio(5, Sizes{30}, {.q = 0.4}); }, ErrorKind::kUsage);
  Refusal([] { GuideRatio(5, Sizes{30}, {.cap = 0.6}); }, ErrorKind::kUsage);
  Refusal([] { GuideRatio(5, Sizes{30}, {.gap_odds = 0.5}); }, ErrorKind::kUsage);
  Refusal([] { ShareAmongSurrogates(1.5, Sizes{30}, 1); }, ErrorKind::kUsage);
  Refusal([] { ShareAmongSurrogates(0.5, Sizes{30}, NAN); }, ErrorKind::kUsage);
}

nlohmann::json Paper() {
  std::ifstream file(HEDDLE_TESTDATA "/paper/paper.json");
  return nlohmann::json::parse(file);
}

TEST(ThePublishedSweep, IsWhatThePaperRecords) {
  const auto paper = Paper();
  const PublishedSweep& sweep = ThePublishedSweep();
  EXPECT_EQ(sweep.source, paper.at("source").get<std::string>());
  EXPECT_EQ(sweep.target_demos, paper.at("sizes").at("target_demos"));
  EXPECT_EQ(sweep.source_demos, paper.at("sizes").at("source_demos"));
  const auto& table = paper.at("sim_and_sim_success");
  EXPECT_EQ(Sizes(sweep.w.begin(), sweep.w.end()), table.at("w").get<Sizes>());
  for (const PublishedSetting& setting : sweep.settings) {
    const auto& row = table.at(std::string(setting.task)).at(std::string(setting.gap));
    EXPECT_EQ(Sizes(setting.success.begin(), setting.success.end()), row.get<Sizes>()) << setting.task << setting.gap;
  }
}

TEST(Retrodiction, SearchInsideTheRangeLosesAtMostOnePercentInAllNineSettings) {
  int outside = 0;
  double worst_loss = 0;
  for (const Retrodiction& result : RetrodictPublished()) {
    EXPECT_EQ(result.low, 0.016);
    EXPECT_EQ(result.high, 0.129);
    EXPECT_LE(result.regret, 0.010);
    outside += result.best_w > result.high;
    worst_loss = std::max(worst_loss, result.best - result.worst_inside);
  }
  EXPECT_EQ(outside, 3);
  EXPECT_NEAR(worst_loss, 0.118, 1e-12);
}

TEST(Retrodiction, HasTheseBestPoints) {
  const auto results = RetrodictPublished();
  const double best_w[] = {0.016, 0.3, 0.016, 0.3, 0.1, 0.016, 0.1, 0.1, 0.3};
  const double regret[] = {0, 0.010, 0, 0.010, 0, 0, 0, 0, 0.002};
  for (size_t k = 0; k < 9; ++k) {
    EXPECT_EQ(results[k].best_w, best_w[k]) << k;
    EXPECT_EQ(results[k].regret, regret[k]) << k;
  }
}

TEST(Retrodiction, UnroundedTheLowerEndShutsOutItsOwnPoint) {
  double largest = 0;
  for (const Retrodiction& result : RetrodictPublished({}, -1)) {
    EXPECT_EQ(result.best_inside_w, 0.1);
    largest = std::max(largest, result.regret);
  }
  EXPECT_NEAR(largest, 0.075, 1e-12);
}

TEST(Retrodiction, RefusesARangeWithoutAPoint) {
  const RatioGuideline guideline = GuideRatio(10, Sizes{30});
  EXPECT_THAT(Refusal([&] { Retrodict(Sizes{0.01, 0.9}, Sizes{1, 1}, guideline); }, ErrorKind::kInput),
              HasSubstr("no point"));
}

}  // namespace
}  // namespace heddle::theory
