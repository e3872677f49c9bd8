#include "heddle/theory/score_forms.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"
#include "heddle/theory/test/samples.h"

namespace heddle::theory {
namespace {

constexpr ScoreForm kForms[] = {ScoreForm::kClean, ScoreForm::kEps, ScoreForm::kScore, ScoreForm::kV,
                                ScoreForm::kVelocity};

TEST(ScoreForms, EachIsWhatItsFormulaSays) {
  RandomStream random(1, "forms");
  const at::Tensor clean = NormalTensor(random, {3, 2}), eps = NormalTensor(random, {3, 2});
  for (const NoiseLevel level : {LevelOfSignal(0.3), FlowLevel(0.3)}) {
    const auto [alpha, sigma] = level;
    const at::Tensor noised = alpha * clean + sigma * eps;
    EXPECT_LT(MaxDifference(FromClean(ScoreForm::kEps, clean, noised, level), eps), 1e-14);
    EXPECT_LT(MaxDifference(FromClean(ScoreForm::kScore, clean, noised, level), -eps / sigma), 1e-14);
    EXPECT_LT(MaxDifference(FromClean(ScoreForm::kV, clean, noised, level), alpha * eps - sigma * clean), 1e-14);
    EXPECT_LT(MaxDifference(FromClean(ScoreForm::kVelocity, clean, noised, level), clean - eps), 1e-14);
  }
}

TEST(ScoreForms, AnyIsTurnedIntoAnyOtherAndBack) {
  RandomStream random(2, "forms");
  const at::Tensor prediction = NormalTensor(random, {3, 2}), noised = NormalTensor(random, {3, 2});
  for (const NoiseLevel level : {LevelOfSignal(0.3), FlowLevel(0.8)}) {
    for (const ScoreForm from : kForms) {
      for (const ScoreForm to : kForms) {
        const at::Tensor there = ConvertPrediction(from, to, prediction, noised, level);
        EXPECT_LT(MaxDifference(ConvertPrediction(to, from, there, noised, level), prediction), 1e-13);
        EXPECT_LT(MaxDifference(CleanFrom(to, there, noised, level), CleanFrom(from, prediction, noised, level)),
                  1e-13);
      }
    }
  }
}

TEST(ScoreForms, ScoreIsTheGradientOfTheNoisedDensityOfOneAction) {
  RandomStream random(3, "forms");
  const at::Tensor clean = NormalTensor(random, {1, 4});
  at::Tensor noised = NormalTensor(random, {1, 4}).requires_grad_();
  const NoiseLevel level = LevelOfSignal(0.6);
  (-(noised - level.alpha * clean).square().sum() / (2 * level.sigma * level.sigma)).backward();
  EXPECT_LT(MaxDifference(FromClean(ScoreForm::kScore, clean, noised.detach(), level), noised.grad()), 1e-14);
}

TEST(ScoreForms, VelocityIsTheTimeDerivativeOfTheLinearPath) {
  RandomStream random(4, "forms");
  const at::Tensor clean = NormalTensor(random, {3, 2}), eps = NormalTensor(random, {3, 2});
  const auto path = [&](double t) { return FlowLevel(t).alpha * clean + FlowLevel(t).sigma * eps; };
  const at::Tensor slope = (path(0.4 + 1e-4) - path(0.4 - 1e-4)) / 2e-4;
  EXPECT_LT(MaxDifference(FromClean(ScoreForm::kVelocity, clean, path(0.4), FlowLevel(0.4)), slope), 1e-10);
}

TEST(ScoreForms, VelocityDeterminesTheActionInPureNoiseAndEpsDoesNot) {
  const at::Tensor noised = at::full({1, 1}, 0.5, at::kDouble), velocity = at::full({1, 1}, 1.5, at::kDouble);
  EXPECT_EQ(CleanFrom(ScoreForm::kVelocity, velocity, noised, FlowLevel(0)).item<double>(), 2.0);
  EXPECT_THROW(CleanFrom(ScoreForm::kEps, velocity, noised, FlowLevel(0)), Error);
  EXPECT_THROW(CleanFrom(ScoreForm::kScore, velocity, noised, FlowLevel(0)), Error);
}

TEST(ScoreForms, CleanDataHasNoNoiseToPredict) {
  const at::Tensor value = at::ones({1, 1}, at::kDouble);
  EXPECT_THROW(FromClean(ScoreForm::kEps, value, value, {1, 0}), Error);
  EXPECT_THROW(ConvertPrediction(ScoreForm::kEps, ScoreForm::kScore, value, value, {1, 0}), Error);
}

}  // namespace
}  // namespace heddle::theory
