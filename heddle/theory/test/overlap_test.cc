#include "heddle/theory/overlap.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/error.h"
#include "heddle/theory/test/samples.h"

namespace heddle::theory {
namespace {

at::Tensor Column(std::initializer_list<double> values) {
  return at::tensor(at::ArrayRef<double>(values.begin(), values.size()), at::kDouble).unsqueeze(1);
}

// ∫ sqrt(p q) on a line by the trapezoidal rule, for mixtures of Gaussians of equal chance.
double OverlapByIntegration(const at::Tensor& a_N1, const at::Tensor& b_M1, const NoiseLevel& level) {
  const auto density = [&](const at::Tensor& set, double y) {
    double sum = 0;
    for (int64_t i = 0; i < set.size(0); ++i) {
      const double r = (y - level.alpha * set[i][0].item<double>()) / level.sigma;
      sum += std::exp(-r * r / 2);
    }
    return sum / (static_cast<double>(set.size(0)) * level.sigma * std::sqrt(2 * std::numbers::pi));
  };
  const double low = -14, step = 0.004;
  double sum = 0;
  for (int k = 0; k <= 7000; ++k) {
    const double y = low + step * k;
    sum += std::sqrt(density(a_N1, y) * density(b_M1, y));
  }
  return sum * step;
}

TEST(GaussianOverlap, AgreesWithNumericalIntegration) {
  for (const NoiseLevel level : {LevelOfSignal(0.1), LevelOfSignal(0.7), FlowLevel(0.5)}) {
    for (const double distance : {0.3, 1.7}) {
      EXPECT_NEAR(GaussianOverlap(distance, level),
                  OverlapByIntegration(Column({0.4}), Column({0.4 + distance}), level), 1e-10);
    }
  }
}

TEST(GaussianOverlap, FallsFromOneInNoiseToZeroInData) {
  EXPECT_EQ(GaussianOverlap(2, {0, 1}), 1);
  EXPECT_EQ(GaussianOverlap(2, {1, 0}), 0);
  EXPECT_EQ(GaussianOverlap(0, {1, 0}), 1);
  double last = 1;
  for (const double signal : {0.1, 0.3, 0.5, 0.7, 0.9}) {
    const double overlap = GaussianOverlap(2, LevelOfSignal(signal));
    EXPECT_LT(overlap, last);
    last = overlap;
  }
}

TEST(MomentGaussianOverlap, IsTheClosedFormForSingleActions) {
  RandomStream random(1, "overlap");
  const at::Tensor a = NormalTensor(random, {1, 5}), b = NormalTensor(random, {1, 5});
  const NoiseLevel level = LevelOfSignal(0.6);
  EXPECT_NEAR(MomentGaussianOverlap(a, b, level), GaussianOverlap((a - b).norm().item<double>(), level), 1e-12);
}

TEST(MomentGaussianOverlap, AgreesWithNumericalIntegrationOfItsGaussians) {
  // Sets of two points μ ± s have variance s²: the noised Gaussian is N(αμ, α²s² + σ²).
  const NoiseLevel level = LevelOfSignal(0.5);
  const double s1 = 0.5, s2 = 1.5, distance = 1.2;
  const double v1 = level.alpha * level.alpha * s1 * s1 + level.sigma * level.sigma;
  const double v2 = level.alpha * level.alpha * s2 * s2 + level.sigma * level.sigma;
  double sum = 0;
  for (int k = -4000; k <= 4000; ++k) {
    const double y = 0.005 * k, apart = y - level.alpha * distance;
    sum +=
        std::sqrt(std::exp(-y * y / (2 * v1) - apart * apart / (2 * v2)) / (2 * std::numbers::pi * std::sqrt(v1 * v2)));
  }
  EXPECT_NEAR(MomentGaussianOverlap(Column({-s1, s1}), Column({distance - s2, distance + s2}), level), sum * 0.005,
              1e-10);
}

TEST(MomentGaussianOverlap, CallsSetsAlikeThatShareTheirMomentsOnly) {
  // {-√2, 0, 0, √2} and {-1, 1} have mean 0 and variance 1, and are far from alike without noise.
  const at::Tensor three = Column({-std::numbers::sqrt2, 0, 0, std::numbers::sqrt2}), two = Column({-1, 1});
  const NoiseLevel level = LevelOfSignal(0.98);
  EXPECT_NEAR(MomentGaussianOverlap(three, two, level), 1, 1e-12);
  EXPECT_LT(OverlapByIntegration(three, two, level), 0.5);
}

TEST(MixtureOverlap, AgreesWithNumericalIntegrationWithinItsError) {
  const at::Tensor a = Column({-1, 0.2, 1.5}), b = Column({-0.8, 2.5, 3.0, 0.1});
  for (const NoiseLevel level : {LevelOfSignal(0.2), LevelOfSignal(0.8), LevelOfSignal(0.98), FlowLevel(0.7)}) {
    RandomStream random(2, "draws");
    const OverlapEstimate estimate = MixtureOverlap(a, b, level, 40000, random);
    EXPECT_NEAR(estimate.value, OverlapByIntegration(a, b, level), 3.5 * estimate.standard_error);
    EXPECT_LE(estimate.standard_error, 0.5 / std::sqrt(40000.0));
  }
}

TEST(MixtureOverlap, StandardErrorIsTheSpreadOfTheEstimate) {
  const at::Tensor a = Column({-1, 0.2, 1.5}), b = Column({-0.8, 2.5, 3.0, 0.1});
  const NoiseLevel level = LevelOfSignal(0.9);
  const double exact = OverlapByIntegration(a, b, level);
  RandomStream random(3, "draws");
  double squares = 0, claimed = 0;
  for (int k = 0; k < 400; ++k) {
    const OverlapEstimate estimate = MixtureOverlap(a, b, level, 200, random);
    squares += (estimate.value - exact) * (estimate.value - exact);
    claimed += estimate.standard_error * estimate.standard_error;
  }
  EXPECT_NEAR(squares / claimed, 1, 0.25);
}

TEST(MixtureOverlap, IsTheClosedFormForSingleActionsInManyDimensions) {
  RandomStream random(4, "overlap");
  const at::Tensor a = NormalTensor(random, {1, 7}), b = NormalTensor(random, {1, 7});
  const NoiseLevel level = LevelOfSignal(0.4);
  const OverlapEstimate estimate = MixtureOverlap(a, b, level, 40000, random);
  EXPECT_NEAR(estimate.value, GaussianOverlap((a - b).norm().item<double>(), level), 3.5 * estimate.standard_error);
}

TEST(MixtureOverlap, IsOneForEqualSetsWithoutError) {
  RandomStream random(5, "overlap");
  const at::Tensor set = NormalTensor(random, {30, 3});
  const OverlapEstimate estimate = MixtureOverlap(set, set.flip(0), LevelOfSignal(0.9), 100, random);
  EXPECT_NEAR(estimate.value, 1, 1e-12);
  EXPECT_NEAR(estimate.standard_error, 0, 1e-12);
}

TEST(Overlap, RefusesEmptySetsNoNoiseAndTooFewDraws) {
  RandomStream random(6, "overlap");
  const at::Tensor set = NormalTensor(random, {3, 2});
  const NoiseLevel level = LevelOfSignal(0.5);
  EXPECT_THROW(MomentGaussianOverlap(set.narrow(0, 0, 0), set, level), Error);
  EXPECT_THROW(MomentGaussianOverlap(set, set, {1, 0}), Error);
  EXPECT_THROW(MixtureOverlap(set, set.narrow(1, 0, 1), level, 100, random), Error);
  EXPECT_THROW(MixtureOverlap(set, set, level, 5, random), Error);
}

}  // namespace
}  // namespace heddle::theory
