#include "heddle/mixture/weight_stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "heddle/core/error.h"
#include "heddle/mixture/sample_order.h"

namespace heddle::mixture {
namespace {

using testing::HasSubstr;

std::vector<SourceWindows> TwoSources() {
  return {{"robot", 0.25, {3, 7}, {10, 5}}, {"sim", 0.75, {0, 1, 2}, {40, 0, 8}}};
}

OrderOptions Staged(Drawing drawing, std::vector<WeightStage> stages) {
  OrderOptions options;
  options.batch_size = 8;
  options.seed = 11;
  options.drawing = drawing;
  options.stages = std::move(stages);
  return options;
}

std::string ErrorOf(const std::vector<WeightStage>& stages) {
  try {
    CheckStages(stages, 2);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(WeightStagesTest, OneStageOfTheSourcesWeightsIsNoSchedule) {
  for (const Drawing drawing : {Drawing::kStratified, Drawing::kDrawn}) {
    const SampleOrder plain(TwoSources(), Staged(drawing, {})), staged(TwoSources(), Staged(drawing, {{0, {1, 3}}}));
    for (const int64_t step : {0, 1, 17, 500}) {
      EXPECT_EQ(plain.Step(step), staged.Step(step));
      EXPECT_DOUBLE_EQ(plain.Passes(1, step), staged.Passes(1, step));
    }
  }
}

TEST(WeightStagesTest, EachStepHasTheSharesOfItsStage) {
  const SampleOrder order(TwoSources(), Staged(Drawing::kStratified, {{0, {0, 1}}, {10, {1, 1}}, {25, {1, 0}}}));
  for (int64_t step = 0; step < 40; ++step) {
    int64_t robot = 0;
    for (const Sample& sample : order.Step(step)) robot += sample.source == 0;
    EXPECT_EQ(robot, step < 10 ? 0 : step < 25 ? 4 : 8) << step;
  }
  EXPECT_DOUBLE_EQ(order.WeightsAt(9)[0], 0);
  EXPECT_DOUBLE_EQ(order.WeightsAt(10)[0], 0.5);
}

TEST(WeightStagesTest, PassesGoOnAcrossStagesAndAreCounted) {
  const std::vector<WeightStage> stages = {{0, {1, 3}}, {7, {3, 1}}, {8, {0, 1}}, {20, {0.3, 0.7}}};
  const SampleOrder order(TwoSources(), Staged(Drawing::kStratified, stages));
  std::map<int32_t, std::vector<Sample>> drawn;
  for (int64_t step = 0; step < 60; ++step) {
    for (const int32_t source : {0, 1}) {
      const double windows = source == 0 ? 15 : 48;
      EXPECT_DOUBLE_EQ(order.Passes(size_t(source), step), double(drawn[source].size()) / windows) << step;
    }
    for (const Sample& sample : order.Step(step)) drawn[sample.source].push_back(sample);
  }
  for (const auto& [source, samples] : drawn) {
    const size_t size = source == 0 ? 15 : 48;
    ASSERT_GT(samples.size(), 2 * size);
    for (size_t pass = 0; (pass + 1) * size <= samples.size(); ++pass) {
      const auto begin = samples.begin() + int64_t(pass * size);
      EXPECT_EQ(std::set<Sample>(begin, begin + int64_t(size)).size(), size) << "source " << source << " pass " << pass;
    }
  }
}

TEST(WeightStagesTest, DrawnPassesAreThoseExpected) {
  const SampleOrder order(TwoSources(), Staged(Drawing::kDrawn, {{0, {1, 3}}, {10, {1, 0}}}));
  EXPECT_DOUBLE_EQ(order.Passes(0, 30), (10 * 0.25 + 20) * 8 / 15);
  EXPECT_DOUBLE_EQ(order.Passes(1, 30), 10 * 0.75 * 8 / 48);
}

TEST(WeightStagesTest, ARampDrawsAsMuchAsTheLine) {
  for (const auto& [begin, end] : {std::pair<int64_t, int64_t>{0, 1000}, {50, 53}, {100, 12345}, {5, 5}, {0, 0}}) {
    const std::vector<ShareStage> stages = Ramp(0.1, 0.7, begin, end);
    ASSERT_LE(stages.size(), size_t(kMaxRampStages));
    EXPECT_EQ(stages.front().first_step, 0);
    EXPECT_EQ(stages.back(), (ShareStage{end, 0.7}));
    if (begin > 0) {
      EXPECT_EQ(stages.front().w, 0.1);
    }
    double sum = 0;
    for (size_t i = 0; i + 1 < stages.size(); ++i) {
      EXPECT_LT(stages[i].first_step, stages[i + 1].first_step);
      EXPECT_LE(stages[i].w, stages[i + 1].w);
      sum += stages[i].w * double(stages[i + 1].first_step - stages[i].first_step);
    }
    EXPECT_NEAR(sum, 0.1 * double(begin) + 0.4 * double(end - begin), 1e-9 * double(end + 1));
  }
}

TEST(WeightStagesTest, StagesThatCannotBeAreRefused) {
  EXPECT_THAT(ErrorOf({}), HasSubstr("there is no stage"));
  EXPECT_THAT(ErrorOf({{1, {1, 1}}}), HasSubstr("weights from step 1: the first stage must begin at step 0"));
  EXPECT_THAT(ErrorOf({{0, {1, 1}}, {0, {1, 1}}}), HasSubstr("one after the other"));
  EXPECT_THAT(ErrorOf({{0, {1}}}), HasSubstr("the stage has 1 weight for 2 sources"));
  EXPECT_THAT(ErrorOf({{0, {1, -1}}}), HasSubstr("a weight is -1"));
  EXPECT_THAT(ErrorOf({{0, {1, 1}}, {5, {0, 0}}}), HasSubstr("weights from step 5: all weights are 0"));
  EXPECT_THROW(Ramp(0, 1, 5, 4), Error);
}

}  // namespace
}  // namespace heddle::mixture
