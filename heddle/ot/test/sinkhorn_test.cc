#include "heddle/ot/sinkhorn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "heddle/core/error.h"
#include "heddle/ot/cost.h"
#include "heddle/ot/test/clouds.h"

namespace heddle::ot {
namespace {

using ::testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

SinkhornOptions Sharp(double epsilon, double marginal_a = kInfinity, double marginal_b = kInfinity) {
  return {.epsilon = epsilon,
          .marginal_a = marginal_a,
          .marginal_b = marginal_b,
          .tolerance = 1e-12,
          .max_iterations = 100'000};
}

Transport Solved(const at::Tensor& cost, const SinkhornOptions& options, const SinkhornProblem& problem = {}) {
  const SinkhornResult result = Sinkhorn(cost, options, problem);
  EXPECT_TRUE(result.transport) << "residual " << result.residual << " after " << result.iterations;
  return result.transport.value();
}

at::Tensor SomeCost(uint64_t seed = 1, int64_t n = 12, int64_t m = 9) {
  return SquaredEuclideanCost(Cloud(seed, n, 3), Cloud(seed + 100, m, 3, 0.5));
}

TEST(Sinkhorn, EqualsTheReference) {
  for (const auto& reference : ReferenceCases()) {
    const auto rho = [&](int side) {
      return reference["rho"][side].is_null() ? kInfinity : double(reference["rho"][side]);
    };
    const Transport found = Solved(MatrixOf(reference["cost_matrix"]), Sharp(reference["epsilon"], rho(0), rho(1)),
                                   {.a_N = VectorOf(reference["a"]), .b_M = VectorOf(reference["b"])});
    SCOPED_TRACE(reference["epsilon"].dump() + reference["rho"].dump());
    EXPECT_LT(MaxDifference(found.plan_NM, MatrixOf(reference["plan"])), 1e-9);
    EXPECT_NEAR(found.cost, reference["cost"], 1e-8);
    EXPECT_NEAR(found.objective, reference["objective"], 1e-8);
  }
}

TEST(Sinkhorn, KeepsBothMarginalsWhereTheyAreExact) {
  const SinkhornProblem problem{.a_N = at::arange(1, 13, at::kDouble) / 78, .b_M = at::arange(1, 10, at::kDouble) / 45};
  for (const double epsilon : {10.0, 0.5, 0.05}) {
    const at::Tensor plan = Solved(SomeCost(), Sharp(epsilon), problem).plan_NM;
    EXPECT_LT(MaxDifference(plan.sum(1), problem.a_N), 1e-11);
    EXPECT_LT(MaxDifference(plan.sum(0), problem.b_M), 1e-11);
  }
}

TEST(Sinkhorn, IsSymmetric) {
  for (const double rho : {kInfinity, 0.7}) {
    const Transport there = Solved(SomeCost(), Sharp(0.3, rho, 2)), back = Solved(SomeCost().t(), Sharp(0.3, 2, rho));
    EXPECT_LT(MaxDifference(there.plan_NM, back.plan_NM.t()), 1e-10);
    EXPECT_NEAR(there.objective, back.objective, 1e-10);
  }
}

TEST(Sinkhorn, FollowsAPermutation) {
  const at::Tensor cost = SomeCost(), order = at::tensor({3, 1, 2, 0, 11, 10, 9, 8, 7, 6, 5, 4}, at::kLong);
  for (const double rho : {kInfinity, 0.7}) {
    const Transport plain = Solved(cost, Sharp(0.2, rho, rho));
    const Transport moved = Solved(cost.index_select(0, order), Sharp(0.2, rho, rho));
    EXPECT_LT(MaxDifference(plain.plan_NM.index_select(0, order), moved.plan_NM), 1e-10);
  }
}

TEST(Sinkhorn, ScalesWithTheUnitOfTheCost) {
  const Transport one = Solved(SomeCost(), Sharp(0.2, 1, 3)), thousand = Solved(SomeCost() * 1e3, Sharp(200, 1e3, 3e3));
  EXPECT_LT(MaxDifference(one.plan_NM, thousand.plan_NM), 1e-10);
  EXPECT_NEAR(one.objective * 1e3, thousand.objective, 1e-6);
}

TEST(Sinkhorn, MinimisesItsObjective) {
  for (const double rho : {kInfinity, 0.5}) {
    const SinkhornOptions options = Sharp(1, rho, rho);
    const at::Tensor cost = SomeCost(5, 4, 4) / 4;
    const Transport best = Solved(cost, options);
    const at::Tensor apart = at::full({4, 4}, 1.0 / 16, at::kDouble);
    const auto objective = [&](const at::Tensor& plan) {
      const auto kl = [](const at::Tensor& p, const at::Tensor& q) { return (p * (p / q).log() - p + q).sum(); };
      at::Tensor value = (plan * cost).sum() + kl(plan, apart);
      const at::Tensor quarter = at::full({4}, 0.25, at::kDouble);
      if (rho < kInfinity) value = value + rho * (kl(plan.sum(1), quarter) + kl(plan.sum(0), quarter));
      return value.item<double>();
    };
    EXPECT_NEAR(objective(best.plan_NM), best.objective, 1e-10);
    for (int i = 0; i < 4; ++i) {
      at::Tensor other = best.plan_NM.clone();
      // A cycle keeps both marginals.
      const int j = (i + 1) % 4;
      for (const auto& [row, column, sign] : {std::tuple{i, i, 1}, {i, j, -1}, {j, j, 1}, {j, i, -1}}) {
        other[row][column] += sign * 1e-5;
      }
      EXPECT_GT(objective(other), best.objective);
    }
  }
}

TEST(Sinkhorn, BecomesBalancedAsThePenaltiesGrow) {
  const at::Tensor balanced = Solved(SomeCost(), Sharp(0.2)).plan_NM;
  double last = kInfinity;
  for (const double rho : {1.0, 10.0, 100.0, 1e4, 1e6}) {
    const double apart = MaxDifference(Solved(SomeCost(), Sharp(0.2, rho, rho)).plan_NM, balanced);
    EXPECT_LT(apart, last / 2);
    last = apart;
  }
  EXPECT_LT(last, 1e-6);
}

TEST(Sinkhorn, LeavesFarPointsBehindWhereMarginalsMayGive) {
  const at::Tensor x = Cloud(1, 10, 2), y = at::cat({Cloud(2, 9, 2), Cloud(3, 1, 2, 30)});
  const at::Tensor received = Solved(SquaredEuclideanCost(x, y), Sharp(0.2, 1, 1)).plan_NM.sum(0);
  EXPECT_LT(received[9].item<double>(), 1e-6 * received[0].item<double>());
}

TEST(Sinkhorn, SmallEpsilonFindsTheAssignment) {
  const at::Tensor x = Cloud(1, 30, 2), y = x.flip(0) + 1e-3;
  const at::Tensor plan = Solved(SquaredEuclideanCost(x, y), Sharp(1e-3)).plan_NM;
  EXPECT_GT((plan * at::eye(30, at::kDouble).flip(0)).sum().item<double>(), 0.9);
}

TEST(Sinkhorn, NeedsNoRoundsFromItsOwnPotentials) {
  for (const double rho : {kInfinity, 1.0}) {
    const Transport first = Solved(SomeCost(), Sharp(0.3, rho, rho));
    SinkhornOptions options = Sharp(0.3, rho, rho);
    options.tolerance = 1e-9;
    const SinkhornResult again = Sinkhorn(SomeCost(), options, {.f_N = first.f_N, .g_M = first.g_M});
    EXPECT_EQ(again.iterations, 1);
    EXPECT_LT(MaxDifference(again.transport.value().plan_NM, first.plan_NM), 1e-9);
  }
}

TEST(Sinkhorn, GivesNoNumberWhereItDidNotConverge) {
  SinkhornOptions options = Sharp(0.01);
  options.max_iterations = 3;
  const SinkhornResult result = Sinkhorn(SomeCost(), options);
  EXPECT_FALSE(result.transport);
  EXPECT_EQ(result.iterations, 3);
  EXPECT_GT(result.residual, options.tolerance);
}

TEST(Sinkhorn, GivesUpAtOnceOnACostThatIsNotFinite) {
  at::Tensor cost = SomeCost();
  cost[2][3] = NAN;
  const SinkhornResult result = Sinkhorn(cost, Sharp(0.1));
  EXPECT_FALSE(result.transport);
  EXPECT_EQ(result.iterations, 1);
}

TEST(Sinkhorn, HoldsInSinglePrecision) {
  for (const double epsilon : {1.0, 0.1, 0.02}) {
    for (const double rho : {kInfinity, 1.0}) {
      const at::Tensor cost = SquaredEuclideanCost(Cloud(1, 64, 16), Cloud(2, 48, 16)) / 32;
      SinkhornOptions options = Sharp(epsilon, rho, rho);
      const at::Tensor exact = Solved(cost, options).plan_NM;
      options.tolerance = 1e-5;
      const at::Tensor single = Solved(cost.to(at::kFloat), options).plan_NM;
      EXPECT_EQ(single.scalar_type(), at::kFloat);
      EXPECT_LT((exact - single).abs().sum().item<double>(), 1e-3);
    }
  }
}

TEST(Sinkhorn, SurvivesCostsThatAKernelWouldLose) {
  // exp(-C/ε) underflows everywhere in float32: a plain matrix scaling divides by zero.
  const at::Tensor x = Cloud(1, 20, 2), cost = (SquaredEuclideanCost(x, x + 40) + 100).to(at::kFloat);
  SinkhornOptions options = Sharp(2);
  options.tolerance = 1e-3;
  const at::Tensor plan = Solved(cost, options).plan_NM;
  EXPECT_NEAR(plan.sum().item<double>(), 1, 1e-3);
}

TEST(Sinkhorn, IsAConstantForAutograd) {
  at::Tensor x = Cloud(1, 6, 2).requires_grad_();
  const at::Tensor cost = SquaredEuclideanCost(x, Cloud(2, 5, 2));
  const Transport found = Solved(cost, Sharp(0.5));
  EXPECT_FALSE(found.plan_NM.requires_grad());
  (found.plan_NM * cost).sum().backward();  // by hand: 2 Σ_j P_ij (x_i - y_j)
  const at::Tensor expected = 2 * (found.plan_NM.sum(1, true) * x.detach() - found.plan_NM.mm(Cloud(2, 5, 2)));
  EXPECT_LT(MaxDifference(x.grad(), expected), 1e-12);
}

TEST(SinkhornDivergence, IsZeroForEqualCloudsOnly) {
  const at::Tensor x = Cloud(1, 15, 3), y = Cloud(2, 15, 3, 0.3);
  const at::Tensor xx = SquaredEuclideanCost(x, x), yy = SquaredEuclideanCost(y, y), xy = SquaredEuclideanCost(x, y);
  for (const double rho : {kInfinity, 1.0}) {
    const SinkhornOptions options = Sharp(0.5, rho, rho);
    EXPECT_NEAR(SinkhornDivergence(xx, xx, xx, options).value(), 0, 1e-10);
    EXPECT_GT(SinkhornDivergence(xy, xx, yy, options).value(), 0.05);
    const at::Tensor shuffled = SquaredEuclideanCost(x, x.flip(0));
    EXPECT_NEAR(SinkhornDivergence(shuffled, xx, xx, options).value(), 0, 1e-10);
  }
}

TEST(SinkhornDivergence, GivesNoNumberWhereAPartDidNotConverge) {
  SinkhornOptions options = Sharp(0.001);
  options.max_iterations = 2;
  const at::Tensor cost = SomeCost(1, 9, 9);
  EXPECT_FALSE(SinkhornDivergence(cost, cost, cost, options).has_value());
}

std::string ErrorOf(const at::Tensor& cost, const SinkhornOptions& options, const SinkhornProblem& problem = {}) {
  try {
    Sinkhorn(cost, options, problem);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Sinkhorn, RefusesWhatHasNoAnswer) {
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(0)), HasSubstr("epsilon"));
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(NAN)), HasSubstr("epsilon"));
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(1, -1)), HasSubstr("marginal_a"));
  const at::Tensor nine = at::ones({9}, at::kDouble);
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(1), {.b_M = nine}), HasSubstr("same mass"));
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(1), {.b_M = nine - 1}), HasSubstr("not positive"));
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(1), {.a_N = nine}), HasSubstr("a_N has shape"));
  EXPECT_THAT(ErrorOf(SomeCost(), Sharp(1, 1), {.b_M = nine}), HasSubstr("nothing was thrown"));
}

}  // namespace
}  // namespace heddle::ot
