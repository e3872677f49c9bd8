#include "heddle/ot/cost.h"

#include <gtest/gtest.h>

#include "heddle/core/error.h"
#include "heddle/ot/test/clouds.h"

namespace heddle::ot {
namespace {

using CostFunction = at::Tensor (*)(const at::Tensor&, const at::Tensor&);

TEST(Cost, EqualsTheReference) {
  for (const auto& reference : ReferenceCases()) {
    const at::Tensor x = MatrixOf(reference["x"]), y = MatrixOf(reference["y"]);
    EXPECT_LT(MaxDifference(SquaredEuclideanCost(x, y), MatrixOf(reference["cost_matrix"])), 1e-12);
    EXPECT_LT(MaxDifference(EuclideanCost(x, y), MatrixOf(reference["euclidean_matrix"])), 1e-12);
  }
}

TEST(Cost, KeepsItsDigitsFarFromTheOrigin) {
  const at::Tensor x = Cloud(1, 20, 5), y = Cloud(2, 30, 5);
  const at::Tensor near = SquaredEuclideanCost(x, y);
  const at::Tensor far = SquaredEuclideanCost((x + 1e3).to(at::kFloat), (y + 1e3).to(at::kFloat));
  EXPECT_LT(MaxDifference(near, far), 0.02);  // float32 holds 1e3 to 6e-5; squared without centring the error is 0.5
}

TEST(Cost, IsNeverNegative) {
  const at::Tensor x = Cloud(1, 200, 3).to(at::kFloat);
  EXPECT_GE(SquaredEuclideanCost(x, x).min().item<double>(), 0);
  EXPECT_LT(SquaredEuclideanCost(x, x).diagonal().max().item<double>(), 1e-5);
}

// Weighted, so that every entry's gradient counts on its own.
double Weighted(CostFunction cost, const at::Tensor& x, const at::Tensor& y, const at::Tensor& weights) {
  return (cost(x, y) * weights).sum().item<double>();
}

class CostGradient : public ::testing::TestWithParam<CostFunction> {};

TEST_P(CostGradient, IsTheFiniteDifference) {
  const CostFunction cost = GetParam();
  at::Tensor x = Cloud(1, 3, 2), y = Cloud(2, 4, 2, 3).requires_grad_();
  x.requires_grad_();
  const at::Tensor weights = Cloud(3, 3, 4);
  (cost(x, y) * weights).sum().backward();
  const double step = 1e-6;
  for (const auto& [moved, gradient] : {std::pair{x.detach(), x.grad()}, {y.detach(), y.grad()}}) {
    for (int64_t k = 0; k < moved.numel(); ++k) {
      double& value = moved.mutable_data_ptr<double>()[k];
      const double kept = value;
      value = kept + step;
      const double above = Weighted(cost, x.detach(), y.detach(), weights);
      value = kept - step;
      const double below = Weighted(cost, x.detach(), y.detach(), weights);
      value = kept;
      EXPECT_NEAR(gradient.data_ptr<double>()[k], (above - below) / (2 * step), 1e-7);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BothCosts, CostGradient, ::testing::Values(&SquaredEuclideanCost, &EuclideanCost));

TEST(Cost, HasAFiniteGradientWherePointsCoincide) {
  at::Tensor x = Cloud(1, 4, 2).requires_grad_();
  EuclideanCost(x, x.detach()).sum().backward();
  EXPECT_TRUE(x.grad().isfinite().all().item<bool>());
}

TEST(Cost, RefusesCloudsOfDifferentKinds) {
  EXPECT_THROW(SquaredEuclideanCost(Cloud(1, 4, 2), Cloud(2, 4, 3)), Error);
  EXPECT_THROW(SquaredEuclideanCost(Cloud(1, 4, 2), Cloud(2, 4, 2).to(at::kFloat)), Error);
}

}  // namespace
}  // namespace heddle::ot
