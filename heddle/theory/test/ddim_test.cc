#include "heddle/theory/ddim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"

namespace heddle::theory {
namespace {

TEST(DdimStep, KeepsTheCleanActionAndTheNoise) {
  const NoiseLevel from = LevelOfSignal(0.2), to = LevelOfSignal(0.7);
  const double clean = 1.7, eps = -0.4;
  const auto [keep, add] = DdimStep(from, to);
  EXPECT_NEAR(keep * (from.alpha * clean + from.sigma * eps) + add * eps, to.alpha * clean + to.sigma * eps, 1e-14);
}

TEST(DdimStep, ToDataGivesTheCleanAction) {
  const NoiseLevel from = LevelOfSignal(0.2);
  const auto [keep, add] = DdimStep(from, {1, 0});
  EXPECT_NEAR(keep * (from.alpha * 3 + from.sigma * 0.5) + add * 0.5, 3, 1e-14);
}

TEST(DdimStep, IsTheEulerStepOfTheVelocityOnTheLinearPath) {
  const NoiseLevel from = FlowLevel(0.3), to = FlowLevel(0.35);
  const double clean = 1.7, eps = -0.4, noised = from.alpha * clean + from.sigma * eps;
  const auto ddim = DdimStep(from, to), euler = FlowEulerStep(from, to);
  EXPECT_NEAR(ddim.keep * noised + ddim.add * eps, euler.keep * noised + euler.add * (clean - eps), 1e-14);
}

TEST(DdimStep, TwoStepsWithTheSamePredictionAreOne) {
  const NoiseLevel a = LevelOfSignal(0.1), b = LevelOfSignal(0.5), c = LevelOfSignal(0.9);
  const auto ab = DdimStep(a, b), bc = DdimStep(b, c), ac = DdimStep(a, c);
  EXPECT_NEAR(bc.keep * ab.keep, ac.keep, 1e-14);
  EXPECT_NEAR(bc.keep * ab.add + bc.add, ac.add, 1e-14);
}

TEST(DdimStep, RefusesToStartWithoutSignal) {
  try {
    DdimStep({0, 1}, {1, 0});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("give the noise path a floor"));
  }
}

TEST(FlowEulerStep, StartsFromPureNoise) {
  const auto [keep, add] = FlowEulerStep(FlowLevel(0), FlowLevel(0.25));
  EXPECT_EQ(keep, 1);
  EXPECT_EQ(add, 0.25);
}

TEST(FlowEulerStep, RefusesLevelsOffTheLinearPath) {
  EXPECT_THROW(FlowEulerStep(LevelOfSignal(0.5), FlowLevel(1)), Error);
}

}  // namespace
}  // namespace heddle::theory
