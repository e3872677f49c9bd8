#include "heddle/train/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace heddle::train {
namespace {

double MeanOf(const std::vector<mixture::ShareStage>& shares, int64_t from, int64_t to) {
  double sum = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    const int64_t begin = std::max(from, shares[i].first_step);
    const int64_t end = std::min(to, i + 1 < shares.size() ? shares[i + 1].first_step : to);
    if (begin < end) sum += shares[i].w * static_cast<double>(end - begin);
  }
  return sum / static_cast<double>(to - from);
}

TEST(ScheduleTest, AConstantHasNone) { EXPECT_TRUE(SharesOf({}, 100).empty()); }

TEST(ScheduleTest, StagesBeginAtTheirShareOfTheTraining) {
  const auto shares = SharesOf({.kind = ScheduleKind::kStages, .at = {0, .25}, .w = {.8, .1}}, 1000);
  EXPECT_EQ(shares, (std::vector<mixture::ShareStage>{{0, .8}, {250, .1}}));
}

TEST(ScheduleTest, RampsJoinTheirPointsAndDrawAsMuchAsTheLine) {
  const auto shares = SharesOf({.kind = ScheduleKind::kRamp, .at = {0, .5, 1}, .w = {0, .4, .2}}, 10'000);
  EXPECT_EQ(shares.front().first_step, 0);
  for (size_t i = 1; i < shares.size(); ++i) EXPECT_GT(shares[i].first_step, shares[i - 1].first_step);
  EXPECT_NEAR(MeanOf(shares, 0, 5000), .2, .01);
  EXPECT_NEAR(MeanOf(shares, 5000, 10'000), .3, .01);
  EXPECT_LT(MeanOf(shares, 0, 300), .05);
  EXPECT_NEAR(MeanOf(shares, 4700, 5300), .39, .02);
}

TEST(ScheduleTest, MeansAreOverTheStepsThatAStageHas) {
  const std::vector<mixture::WeightStage> stages = {{0, {.8, .2}}, {25, {.1, .9}}, {100, {0, 1}}};
  const std::vector<double> means = MeanWeights(stages, 100);
  EXPECT_NEAR(means[0], .25 * .8 + .75 * .1, 1e-12);
  EXPECT_NEAR(means[1], .25 * .2 + .75 * .9, 1e-12);
  EXPECT_NEAR(MeanWeights(stages, 20)[0], .8, 1e-12);
}

TEST(ScheduleTest, IsSaidInWords) {
  EXPECT_EQ(ScheduleText({}), "");
  EXPECT_EQ(ScheduleText({.kind = ScheduleKind::kStages, .at = {0, .25}, .w = {.8, .1}}),
            "w in stages: 0.8 from 0, 0.1 from 0.25");
  EXPECT_EQ(ScheduleText({.kind = ScheduleKind::kRamp, .at = {0, 1}, .w = {0, .4}}), "w on a ramp: 0 at 0, 0.4 at 1");
}

}  // namespace
}  // namespace heddle::train
