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

}  // namespace
}  // namespace heddle::train
