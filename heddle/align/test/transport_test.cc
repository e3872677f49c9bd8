#include "heddle/align/transport.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/align/test/batches.h"
#include "heddle/core/error.h"
#include "heddle/ot/cost.h"
#include "heddle/ot/sinkhorn.h"

namespace heddle::align {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TransportOptions Exact() {
  TransportOptions options;
  options.weight = 1;
  options.tolerance = 1e-10;
  options.max_iterations = 20'000;
  return options;
}

std::unique_ptr<Objective> Made(const TransportOptions& options, int64_t latent_size, int64_t num_domains = 2) {
  return Maker(latent_size, num_domains).Make(options);
}

at::Tensor RowsOf(const at::Tensor& values, const AlignBatch& batch, int64_t domain) {
  return values.index_select(0, (batch.domain_B == domain).nonzero().squeeze(1));
}

double Number(const ObjectiveValue& value, const char* key) { return value.scalars.at(key).item<double>(); }

TEST(Transport, HasTheGradientOfTheCostAtAFixedPlan) {
  for (const TransportKind kind : {TransportKind::kBalanced, TransportKind::kUnbalanced}) {
    TransportOptions options = Exact();
    options.kind = kind;
    options.weight = 0.3;
    options.epsilon = 0.5;
    const AlignBatch batch = SomeBatch(7, 3);
    (*Made(options, 3))(batch).loss.backward();
    const auto latent_cost = [&] {
      return ot::SquaredEuclideanCost(RowsOf(batch.z_BD.detach(), batch, 0), RowsOf(batch.z_BD.detach(), batch, 1));
    };
    ot::SinkhornOptions sinkhorn{.epsilon = 0.5, .tolerance = 1e-10, .max_iterations = 20'000};
    if (kind == TransportKind::kUnbalanced) sinkhorn.marginal_a = sinkhorn.marginal_b = 1;
    const at::Tensor plan = ot::Sinkhorn(latent_cost() / latent_cost().mean(), sinkhorn).transport.value().plan_NM;
    const auto loss = [&] { return (plan * latent_cost() / latent_cost().mean()).sum().item<double>() * 0.3; };
    EXPECT_LT(LargestDifference(batch.z_BD.grad(), FiniteDifference(loss, batch.z_BD)), 1e-8);
    EXPECT_GT(batch.z_BD.grad().abs().max().item<double>(), 1e-3);
  }
}

TEST(Transport, FollowsTheGradientOfTheEntropicObjective) {
  // By the envelope theorem: with the plan at its optimum, holding it fixed changes nothing.
  TransportOptions options = Exact();
  options.scale_free = false;
  options.epsilon = 2;
  const AlignBatch batch = SomeBatch(8, 3);
  (*Made(options, 3))(batch).loss.backward();
  const auto objective = [&] {
    const at::Tensor cost =
        ot::SquaredEuclideanCost(RowsOf(batch.z_BD.detach(), batch, 0), RowsOf(batch.z_BD.detach(), batch, 1));
    return ot::Sinkhorn(cost, {.epsilon = 2, .tolerance = 1e-12, .max_iterations = 20'000}).transport.value().objective;
  };
  EXPECT_LT(LargestDifference(batch.z_BD.grad(), FiniteDifference(objective, batch.z_BD)), 1e-7);
}

TEST(Transport, DrawsTheDomainsTogether) {
  AlignBatch batch = SomeBatch(40, 3);
  const double before = MeansApart(batch);
  Maker maker(3);
  TransportOptions options;
  options.weight = 1;
  const auto transport = maker.Make(options);
  Descend(*transport, batch, maker.parameters, 200, 1);
  EXPECT_LT(MeansApart(batch), 0.2 * before);
}

TEST(Transport, DoesNotDependOnTheScaleOfTheLatents) {
  AlignBatch batch = SomeBatch(20, 3);
  const auto transport = Made(Exact(), 3);
  const double one = (*transport)(batch).loss.item<double>();
  batch.z_BD = batch.z_BD * 100;
  EXPECT_NEAR((*transport)(batch).loss.item<double>(), one, 1e-9);
}

TEST(Transport, DoesNotRewardShrinkingAllLatents) {
  const AlignBatch batch = SomeBatch(20, 3);
  (*Made(Exact(), 3))(batch).loss.backward();
  EXPECT_GT(batch.z_BD.grad().abs().max().item<double>(), 1e-3);
  EXPECT_NEAR((batch.z_BD.grad() * batch.z_BD.detach()).sum().item<double>(), 0, 1e-9);
}

TEST(Transport, CostsNothingBetweenEqualRows) {
  AlignBatch batch = SomeBatch(12, 3);
  const at::Tensor half = Normals(4, {6, 3});
  batch.z_BD = at::cat({half, half.flip(0)});
  batch.domain_B = at::tensor({0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, at::kLong);
  TransportOptions options = Exact();
  options.epsilon = 0.01;
  EXPECT_LT((*Made(options, 3))(batch).loss.item<double>(), 1e-6);
}

TEST(Transport, FollowsAPermutationOfTheRows) {
  AlignBatch batch = SomeBatch(15, 3, 3);
  const auto transport = Made(Exact(), 3, 3);
  const double one = (*transport)(batch).loss.item<double>();
  batch.z_BD = batch.z_BD.flip(0);
  batch.domain_B = batch.domain_B.flip(0);
  EXPECT_NEAR((*transport)(batch).loss.item<double>(), one, 1e-9);
}

TEST(Transport, IsTheMeanOverSurrogates) {
  const AlignBatch three = SomeBatch(15, 3, 3);
  double sum = 0;
  for (const int64_t surrogate : {1, 2}) {
    const at::Tensor rows = ((three.domain_B == 0) + (three.domain_B == surrogate)).nonzero().squeeze(1);
    AlignBatch two = three;
    two.z_BD = three.z_BD.index_select(0, rows);
    two.domain_B = three.domain_B.index_select(0, rows);
    sum += (*Made(Exact(), 3, 3))(two).loss.item<double>();
  }
  EXPECT_NEAR((*Made(Exact(), 3, 3))(three).loss.item<double>(), sum / 2, 1e-9);
}

TEST(Transport, TouchesTheChosenDimensionsOnly) {
  TransportOptions options = Exact();
  options.dimensions = {0, 2};
  const AlignBatch batch = SomeBatch(8, 4);
  (*Made(options, 4))(batch).loss.backward();
  EXPECT_EQ(Numbers(batch.z_BD.grad().abs().sum(0) > 0), (std::vector<double>{1, 1, 0, 0}));
}

TEST(Transport, LeavesAnOutlierAloneWhenUnbalanced) {
  AlignBatch batch = SomeBatch(20, 3);
  batch.z_BD = batch.z_BD.detach().clone();
  batch.z_BD[1] += 12;
  batch.z_BD.requires_grad_();
  TransportOptions options = Exact();
  options.scale_free = false;
  options.kind = TransportKind::kUnbalanced;
  const ObjectiveValue value = (*Made(options, 3))(batch);
  value.loss.backward();
  const at::Tensor pull_B = batch.z_BD.grad().norm(2, 1);
  EXPECT_LT(pull_B[1].item<double>(), 1e-6 * pull_B.max().item<double>());
  EXPECT_LT(Number(value, "mass"), 0.97);
}

// Latents that say nothing; actions that say which row belongs to which.
AlignBatch SteeredBatch() {
  AlignBatch batch = SomeBatch(8, 2);
  batch.action_BHA = Normals(9, {4, 3, 2}).repeat_interleave(2, 0);  // rows 2k and 2k + 1, of both domains, act alike
  batch.action_present_BA = at::ones({8, 2}, at::kBool);
  return batch;
}

TEST(Transport, MatchesRowsThatActAlike) {
  AlignBatch batch = SteeredBatch();
  TransportOptions options = Exact();
  options.action_weight = 100;
  options.scale_free = false;
  (*Made(options, 2))(batch).loss.backward();
  const at::Tensor z = batch.z_BD.detach();
  for (int64_t row = 0; row < 8; row += 2) {
    // Matched one to one: the gradient is 2/N (z_i - z_j).
    EXPECT_LT(LargestDifference(batch.z_BD.grad()[row], (z[row] - z[row + 1]) / 2), 1e-3);
  }
}

TEST(Transport, SaysWhereNoActionsAreCommon) {
  AlignBatch batch = SteeredBatch();
  TransportOptions options = Exact();
  options.action_weight = 1;
  options.epsilon = 1;
  EXPECT_THAT((*Made(options, 2))(batch).note, IsEmpty());
  TransportOptions alone = Exact();
  alone.epsilon = 1;
  const double without = (*Made(alone, 2))(batch).loss.item<double>();

  batch.action_present_BA = (batch.domain_B.unsqueeze(1) == at::arange(2, at::kLong));  // each domain has its own
  const ObjectiveValue value = (*Made(options, 2))(batch);
  EXPECT_THAT(value.note, HasSubstr("latents alone"));
  EXPECT_NEAR(value.loss.item<double>(), without, 1e-9);
  batch.action_BHA = batch.action_present_BA = at::Tensor();
  EXPECT_THAT((*Made(options, 2))(batch).note, HasSubstr("latents alone"));
}

// Three domains in turn, with an action column each; those of 0 and 2 mean the same.
AlignBatch ThreeBodies() {
  AlignBatch batch = SomeBatch(12, 2, 3);
  batch.action_BHA = Normals(9, {12, 2, 3});
  batch.action_present_BA = batch.domain_B.unsqueeze(1) == at::arange(3, at::kLong);
  batch.common_action_BHC = Normals(10, {4, 2, 1}).repeat_interleave(3, 0);
  batch.common_present_BC = (batch.domain_B != 1).unsqueeze(1);
  return batch;
}

TEST(Transport, MatchesBodiesByWhatTheyHaveInCommon) {
  AlignBatch batch = ThreeBodies();
  const at::Tensor of_two = (batch.domain_B != 1).nonzero().squeeze(1);
  for (at::Tensor* rows : {&batch.action_BHA, &batch.action_present_BA, &batch.common_action_BHC,
                           &batch.common_present_BC, &batch.domain_B})
    *rows = rows->index_select(0, of_two);
  batch.domain_B = batch.domain_B / 2;
  batch.domain_B = batch.domain_B.to(at::kLong);
  batch.z_BD = batch.z_BD.detach().index_select(0, of_two).requires_grad_();
  TransportOptions options = Exact();
  options.action_weight = 100;
  options.scale_free = false;
  const ObjectiveValue value = (*Made(options, 2))(batch);
  EXPECT_THAT(value.note, IsEmpty());
  value.loss.backward();
  const at::Tensor z = batch.z_BD.detach();
  for (int64_t row = 0; row < 8; row += 2)
    EXPECT_LT(LargestDifference(batch.z_BD.grad()[row], (z[row] - z[row + 1]) / 2), 1e-3);
}

TEST(Transport, NamesThePairsWithoutACommonActionOnce) {
  const AlignBatch batch = ThreeBodies();
  TransportOptions options = Exact();
  options.action_weight = 1;
  options.epsilon = 1;
  Maker maker(2, 3);
  maker.setup.domain_names = {"real", "video", "hand"};
  const auto transport = maker.Make(options);
  EXPECT_EQ((*transport)(batch).note,
            "no action dimension is common to real and video: their latents alone are matched");
  EXPECT_THAT((*transport)(batch).note, IsEmpty());
}

TEST(Transport, ActionsInOneSpaceAreComparedThereWhateverElseIsCommon) {
  AlignBatch batch = SteeredBatch();
  TransportOptions options = Exact();
  options.action_weight = 1;
  options.epsilon = 1;
  const double plain = (*Made(options, 2))(batch).loss.item<double>();
  batch.common_action_BHC = Normals(11, {8, 3, 2});
  batch.common_present_BC = at::ones({8, 2}, at::kBool);
  EXPECT_DOUBLE_EQ((*Made(options, 2))(batch).loss.item<double>(), plain);
}

TEST(Transport, AddsNothingWhereASideIsMissing) {
  AlignBatch batch = SomeBatch(6, 2);
  batch.domain_B.fill_(1);
  const ObjectiveValue value = (*Made(Exact(), 2))(batch);
  EXPECT_EQ(value.loss.item<double>(), 0);
  EXPECT_THAT(value.note, HasSubstr("one side only"));
}

TEST(Transport, AddsNothingWhereTheMatchingDidNotConverge) {
  TransportOptions options = Exact();
  options.epsilon = 1e-3;
  options.max_iterations = 2;
  Maker maker(3);
  maker.setup.group = "align.";
  const ObjectiveValue value = (*maker.Make(options))(SomeBatch(20, 3));
  EXPECT_EQ(value.loss.item<double>(), 0);
  EXPECT_EQ(Number(value, "unconverged"), 1);
  EXPECT_THAT(value.note, AllOf(HasSubstr("did not converge"), HasSubstr("raise align.transport.epsilon")));
  EXPECT_EQ(value.scalars.count("loss"), 0u);
}

TEST(Transport, RefusesASingleDomain) { EXPECT_THROW(Made(Exact(), 3, 1), Error); }

TEST(CommonActionCost, IsTheMeanOverWhatBothRowsHave) {
  const at::Tensor a = Normals(1, {3, 4, 5}), b = Normals(2, {2, 4, 5});
  const at::Tensor has_a = Normals(3, {3, 5}) > -0.3;
  at::Tensor has_b = Normals(4, {2, 5}) > -0.3;
  has_b[1] = has_a[0].logical_not();
  const auto [cost, shared] = CommonActionCost(a, has_a, b, has_b);
  for (int64_t i = 0; i < 3; ++i) {
    for (int64_t j = 0; j < 2; ++j) {
      const at::Tensor both = (has_a[i] * has_b[j]).to(at::kBool);
      const at::Tensor squares = (a[i] - b[j]).square().masked_fill(both.logical_not().unsqueeze(0), 0);
      const double count = 4 * both.sum().item<double>();
      EXPECT_EQ(shared[i][j].item<bool>(), count > 0);
      EXPECT_NEAR(cost[i][j].item<double>(), count > 0 ? squares.sum().item<double>() / count : 0, 1e-12);
    }
  }
  EXPECT_FALSE(shared[0][1].item<bool>());
}

}  // namespace
}  // namespace heddle::align
