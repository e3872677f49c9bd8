#include "heddle/policy/noise_process.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"
#include "heddle/policy/test/small_policy.h"

namespace heddle::policy {
namespace {

class Processes : public ::testing::TestWithParam<std::tuple<Path, Prediction>> {
 protected:
  NoiseProcess Make() const {
    HeadOptions options;
    options.path = std::get<0>(GetParam()), options.prediction = std::get<1>(GetParam());
    return NoiseProcess(options);
  }
  static ActionRows Rows() {
    const auto policy = SmallPolicy();
    return ActionsOf(SmallBatch(64), policy->layout(), policy->normaliser());
  }
};

INSTANTIATE_TEST_SUITE_P(All, Processes,
                         ::testing::Values(std::tuple(Path::kDiffusion, Prediction::kNoise),
                                           std::tuple(Path::kDiffusion, Prediction::kVelocity),
                                           std::tuple(Path::kFlow, Prediction::kNoise)));

TEST_P(Processes, WhatTheHeadIsAskedForLeadsBackToTheActionFromAnyLevel) {
  const NoiseProcess process = Make();
  const ActionRows rows = Rows();
  const NoiseProcess::Noised noised = process.Noise(rows, RandomStream(1, "noise"));
  for (int64_t row = 0; row < 64; ++row) {
    const at::Tensor back =
        process.Step(noised.noised_BHA.slice(0, row, row + 1), noised.wanted_BHA.slice(0, row, row + 1),
                     noised.level_B[row].item<int64_t>(), 0);
    // At the last levels of diffusion the action is a hundredth of what is seen: 1e-7 of noise becomes 1e-5 of action.
    EXPECT_TRUE(at::allclose(back[0], rows.actions_BHA[row], 1e-4, 2e-5)) << "level " << noised.level_B[row];
  }
}

TEST_P(Processes, ASamplerThatIsToldTheTruthEndsAtTheAction) {
  const NoiseProcess process = Make();
  const ActionRows rows = Rows();
  const std::vector<int64_t>& levels = process.sampler();
  EXPECT_EQ(levels.front(), process.steps());
  EXPECT_EQ(levels.back(), 0);
  at::Tensor chunk = at::randn(rows.actions_BHA.sizes()) * rows.present_BA.unsqueeze(1);
  for (size_t i = 0; i + 1 < levels.size(); ++i) {
    const theory::NoiseLevel& level = process.level(levels[i]);
    // The noise that stands in the chunk, given the true action, in the words of the head.
    const at::Tensor noise = (chunk - level.alpha * rows.actions_BHA) / level.sigma;
    at::Tensor said = noise;
    if (std::get<0>(GetParam()) == Path::kFlow)
      said = rows.actions_BHA - noise;
    else if (std::get<1>(GetParam()) == Prediction::kVelocity)
      said = level.alpha * noise - level.sigma * rows.actions_BHA;
    chunk = process.Step(chunk, said, levels[i], levels[i + 1]);
  }
  EXPECT_TRUE(at::allclose(chunk, rows.actions_BHA, 1e-4, 1e-4));
}

TEST_P(Processes, DimensionsThatABodyHasNotStayZero) {
  const ActionRows rows = Rows();
  const NoiseProcess::Noised noised = Make().Noise(rows, RandomStream(1, "noise"));
  const at::Tensor absent = 1 - rows.present_BA.unsqueeze(1);
  EXPECT_EQ((noised.noised_BHA * absent).abs().max().item<float>(), 0);
  EXPECT_EQ((noised.wanted_BHA * absent).abs().max().item<float>(), 0);
  EXPECT_GE(noised.level_B.min().item<int64_t>(), 1);
}

TEST(NoiseProcessTest, ASamplerWithMoreStepsThanLevelsIsRefused) {
  HeadOptions options;
  options.noise_steps = 5, options.sampler_steps = 6;
  EXPECT_THROW(NoiseProcess{options}, Error);
}

}  // namespace
}  // namespace heddle::policy
