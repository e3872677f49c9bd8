#include "heddle/policy/policy.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "heddle/core/test/scratch_folder.h"
#include "heddle/policy/acting.h"
#include "heddle/policy/acting_policy.h"
#include "heddle/policy/imitation.h"
#include "heddle/policy/label_effect.h"
#include "heddle/policy/observation.h"
#include "heddle/policy/test/small_policy.h"

namespace heddle::policy {
namespace {

bool Same(const at::Tensor& a, const at::Tensor& b) { return a.sizes() == b.sizes() && a.equal(b); }

at::Tensor NoiseFor(int64_t rows, uint64_t seed = 3) {
  const auto policy = SmallPolicy();
  std::vector<at::Tensor> noise;
  const ActPlan plan = ActPlan::Of(*policy, SmallCard(*policy), "card");
  for (int64_t row = 0; row < rows; ++row) noise.push_back(ActingNoise(policy->layout(), plan, seed, row));
  return at::stack(noise);
}

class PolicyKinds : public ::testing::TestWithParam<std::tuple<HeadKind, TrunkKind, Path, Prediction>> {
 protected:
  std::unique_ptr<Policy> Make() const {
    const auto [head, trunk, path, prediction] = GetParam();
    auto policy = SmallPolicy({.kind = head, .path = path, .prediction = prediction}, {.kind = trunk});
    // A transformer head begins at 0 and says nothing of its inputs yet.
    at::Tensor values = policy->parameters().values();
    const at::NoGradGuard no_grad;
    values.add_(.05 * at::sin(at::arange(values.numel())));
    return policy;
  }
};

INSTANTIATE_TEST_SUITE_P(
    All, PolicyKinds,
    ::testing::Values(std::tuple(HeadKind::kMlp, TrunkKind::kMlp, Path::kDiffusion, Prediction::kNoise),
                      std::tuple(HeadKind::kMlp, TrunkKind::kTransformer, Path::kDiffusion, Prediction::kVelocity),
                      std::tuple(HeadKind::kTransformer, TrunkKind::kTransformer, Path::kFlow, Prediction::kNoise)));

TEST_P(PolicyKinds, ImitationsGradientIsThatOfFiniteDifferences) {
  const auto policy = Make();
  const contract::Batch batch = SmallBatch(12);
  const auto loss = [&] { return Imitate(*policy, batch, RandomStream(5, "step"), true).loss; };
  loss().backward();
  const at::Tensor gradient = policy->parameters().gradients().clone();
  const at::Tensor values = policy->parameters().values().clone();
  const at::Tensor direction = gradient / gradient.norm();
  const double step = 2e-2;
  const at::NoGradGuard no_grad;
  policy->parameters().CopyIn(values + step * direction);
  const double above = loss().item<double>();
  policy->parameters().CopyIn(values - step * direction);
  const double below = loss().item<double>();
  EXPECT_NEAR((above - below) / (2 * step), gradient.norm().item<double>(), .02 * gradient.norm().item<double>());
}

TEST_P(PolicyKinds, GuidanceOfZeroActsByTheLabelAloneAndOfMinusOneByTheOtherBranchAlone) {
  const auto policy = Make();
  contract::AdaptationCard card = SmallCard(*policy);
  const PolicyRows rows = RowsOf(SmallBatch(6), policy->layout(), policy->normaliser());
  const at::Tensor noise = NoiseFor(6);
  const auto act = [&](const std::string& label, const std::string& against, double lambda) {
    card.conditions[0].act = label;
    card.conditions[0].against = against;
    card.guidance.lambda = lambda;
    return Act(*policy, rows, noise, ActPlan::Of(*policy, card, "card")).actions_BHD;
  };
  EXPECT_TRUE(Same(act("real", "", 0), act("real", "sim", 0)));
  EXPECT_FALSE(Same(act("real", "", 0), act("sim", "", 0)));
  EXPECT_TRUE(Same(act("real", "", -1), act("", "", 0)));
  EXPECT_TRUE(Same(act("real", "sim", -1), act("sim", "", 0)));
  // Near the ends the two-branch computation meets the single one.
  EXPECT_TRUE(at::allclose(act("real", "", 1e-6), act("real", "", 0), 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(act("real", "", -1 + 1e-6), act("", "", 0), 1e-4, 1e-5));
  EXPECT_FALSE(Same(act("real", "", -.5), act("real", "", 0)));
}

TEST_P(PolicyKinds, ActingIsWhatTheDifferentiableHeadSaysStepByStep) {
  const auto policy = Make();
  const Network& network = policy->network();
  const PolicyRows rows = RowsOf(SmallBatch(5), policy->layout(), policy->normaliser());
  const at::Tensor noise = NoiseFor(5), z_BW = network.Encode(rows).z_BW.detach();
  ActPlan plan = ActPlan::Of(*policy, SmallCard(*policy), "card");
  plan.over_time = OverTime::kEarly;
  const auto told = [&](int64_t label) { return network.Join(z_BW, at::full({5, 1}, label, at::kLong)); };
  const std::vector<int64_t>& levels = policy->noise().sampler();
  for (const double lambda : {0., -.5, 2.}) {
    plan.lambda = lambda;
    // The arm's actions are the first two of five.
    at::Tensor chunk = at::constant_pad_nd(noise, {0, 3});
    for (size_t i = 0; i + 1 < levels.size(); ++i) {
      const at::Tensor times = network.time_features().narrow(0, levels[i], 1).expand({5, -1});
      const double now = plan.LambdaAt(levels[i], policy->noise().steps());
      const at::Tensor said =
          ((1 + now) * network.head()(told(1), chunk, times) - now * network.head()(told(0), chunk, times)).detach();
      const at::Tensor next = policy->noise().Step(chunk, said, levels[i], levels[i + 1]);
      chunk = at::constant_pad_nd(next.narrow(2, 0, 2), {0, 3});
    }
    const at::Tensor acted = Act(*policy, rows, noise, plan).actions_BHD;
    EXPECT_TRUE(at::allclose(acted, chunk.narrow(2, 0, 2).clamp(-1, 1), 1e-4, 1e-4)) << lambda;
  }
}

TEST_P(PolicyKinds, ARowsActionDoesNotDependOnItsPlaceOrNeighboursInABatchOfTheSameSize) {
  const auto policy = Make();
  const ActPlan plan = ActPlan::Of(*policy, SmallCard(*policy), "card");
  const PolicyRows rows = RowsOf(SmallBatch(16), policy->layout(), policy->normaliser());
  const at::Tensor noise = NoiseFor(16);
  const at::Tensor order = at::arange(15, -1, -1);
  PolicyRows turned = rows;
  turned.numbers_BN = rows.numbers_BN.index_select(0, order).contiguous();
  turned.conditions_BK = rows.conditions_BK.index_select(0, order).contiguous();
  const at::Tensor there = Act(*policy, rows, noise, plan).actions_BHD;
  const at::Tensor back = Act(*policy, turned, noise.index_select(0, order).contiguous(), plan).actions_BHD;
  EXPECT_TRUE(Same(there, back.index_select(0, order)));
}

TEST_P(PolicyKinds, TheLatentIsTappedBeforeTheLabelJoinsIt) {
  const auto policy = Make();
  contract::Batch batch = SmallBatch(8);
  const Imitation before = Imitate(*policy, batch, RandomStream(5, "step"), false);
  batch.conditions["domain"] = at::full({8}, 2, at::kLong);
  const Imitation after = Imitate(*policy, batch, RandomStream(5, "step"), false);
  EXPECT_TRUE(Same(before.latents.z_BW, after.latents.z_BW));
  EXPECT_FALSE(Same(before.row_loss_B, after.row_loss_B));
}

TEST(PolicyTest, ActionsOfAnotherBodyNeitherEnterARowNorItsLoss) {
  const auto policy = SmallPolicy();
  contract::Batch batch = SmallBatch(8);
  const Imitation before = Imitate(*policy, batch, RandomStream(5, "step"), false);
  // Row 0 is the arm's: what stands in the hand's place must not matter.
  batch.values["action@hand.pose"][0].fill_(100);
  batch.values["state@hand"][0].fill_(100);
  const Imitation after = Imitate(*policy, batch, RandomStream(5, "step"), false);
  EXPECT_TRUE(Same(before.row_loss_B, after.row_loss_B));
}

TEST(PolicyTest, RowsWithoutActionsHaveNoLossButALatent) {
  const auto policy = SmallPolicy();
  const Imitation imitation = Imitate(*policy, SmallBatch(10), RandomStream(5, "step"), false);
  EXPECT_EQ(imitation.actions.num_labelled, 8);
  for (int64_t row = 0; row < 10; ++row) {
    EXPECT_EQ(imitation.row_loss_B[row].item<float>() == 0, row % 5 == 4) << row;
    EXPECT_GT(imitation.latents.z_BW[row].abs().sum().item<float>(), 0);
  }
  EXPECT_NEAR(imitation.loss.item<double>(), imitation.row_loss_B.sum().item<double>() / 8, 1e-6);
}

TEST(PolicyTest, TimesBehindAnEpisodesEndAreOutOfTheLoss) {
  const auto policy = SmallPolicy();
  contract::Batch batch = SmallBatch(4);
  batch.is_pad["action@arm.delta"][0][3].fill_(true);
  const ActionRows actions = ActionsOf(batch, policy->layout(), policy->normaliser());
  EXPECT_EQ(actions.weight_BHA[0][3].sum().item<float>(), 0);
  EXPECT_NEAR(actions.weight_BHA[0].sum().item<float>(), 1, 1e-6);
  EXPECT_NEAR(actions.weight_BHA[0][0][0].item<float>(), 1.f / 6, 1e-6);
}

TEST(PolicyTest, LabelsAreDroppedAtTheirRate) {
  at::Tensor conditions_BK = at::ones({20'000, 2}, at::kLong);
  DropConditions(conditions_BK, .2, RandomStream(1, "drop"));
  const double kept = conditions_BK.select(1, 0).to(at::kDouble).mean().item<double>();
  EXPECT_NEAR(kept, .8, 4 * std::sqrt(.16 / 20'000));
  EXPECT_TRUE(conditions_BK.select(1, 0).equal(conditions_BK.select(1, 1))) << "all labels of a row go together";
}

TEST(PolicyTest, EmbeddedLabelsActToo) {
  const auto policy = SmallPolicy({}, {}, /*embedded=*/true);
  const at::Tensor z = at::zeros({1, 16});
  const auto join = [&](int64_t label) { return policy->network().Join(z, at::full({1, 1}, label, at::kLong)); };
  EXPECT_EQ(join(0).size(1), policy->network().joined_size());
  EXPECT_FALSE(Same(join(0), join(1)));
  EXPECT_FALSE(Same(join(1), join(2)));
}

TEST(PolicyTest, AnObservationGivesTheSameRowAsTheLoadersBatch) {
  const auto policy = SmallPolicy();
  const contract::Batch batch = SmallBatch(1);
  Observation observation;
  const auto numbers = [&](const std::string& name) {
    const at::Tensor row = batch.values.at(name).flatten().contiguous();
    return std::vector<float>(row.const_data_ptr<float>(), row.const_data_ptr<float>() + row.numel());
  };
  observation.numbers = {{"state", numbers("state@arm")}, {"world", numbers("world")}};
  const contract::Batch own = BatchOf(std::vector{observation}, policy->layout(), "arm");
  EXPECT_TRUE(Same(RowsOf(own, policy->layout(), policy->normaliser()).numbers_BN,
                   RowsOf(batch, policy->layout(), policy->normaliser()).numbers_BN));
}

TEST(PolicyTest, ALabelsEffectIsHowFarTheChunkMovesUnderTheNextLabelWhateverTheGuidance) {
  const auto policy = SmallPolicy({.path = Path::kFlow});
  at::Tensor weights = policy->parameters().values();
  weights.add_(.05 * at::sin(at::arange(weights.numel())));  // a fresh head says nothing of its inputs
  ActPlan plan = ActPlan::Of(*policy, SmallCard(*policy), "card"), free = plan;
  free.low.clear(), free.high.clear();
  ActPlan other = free;
  other.act[0] = plan.act[0] == 1 ? 2 : 1;
  const PolicyRows rows = RowsOf(SmallBatch(4), policy->layout(), policy->normaliser());
  const at::Tensor noise_BHD = NoiseFor(4);
  const at::Tensor moved_BHD = NormalisedActions(*policy, plan, Act(*policy, rows, noise_BHD, free).actions_BHD) -
                               NormalisedActions(*policy, plan, Act(*policy, rows, noise_BHD, other).actions_BHD);
  for (const double lambda : {0.0, -0.5, -1.0}) {
    plan.lambda = lambda;
    const at::Tensor effect_B = LabelEffect(*policy, rows, noise_BHD, plan);
    EXPECT_TRUE(at::allclose(effect_B, moved_BHD.square().mean({1, 2}).sqrt(), 1e-4, 1e-6));
    EXPECT_GT(effect_B.min().item<float>(), 0);
  }
}

TEST(PolicyTest, WhoTellsItsThoughtsActsTheSame) {
  const ScratchFolder scratch;
  const auto policy = SmallPolicy();
  contract::AdaptationCard card = SmallCard(*policy);
  card.limits.low = {-.01, -.2}, card.limits.high = {.01, .2};
  SaveCheckpoint(scratch.path() / "policy", *policy, policy->parameters().values(), card);
  ActingPolicy acting(LoadCheckpoint(scratch.path() / "policy"));
  Moment moment;
  moment.observation.numbers = {{"state", {.1f, .2f, .3f}}, {"world", {.5f}}};
  Thoughts thoughts;
  const at::Tensor told_BHD = acting.Act(moment, thoughts).actions_BHD;
  EXPECT_TRUE(Same(acting.Act(moment).actions_BHD, told_BHD));
  EXPECT_EQ(thoughts.chunk_BC.size(0), 1);
  EXPECT_EQ(thoughts.chunk_BC.size(1), told_BHD.numel());
  EXPECT_EQ(thoughts.latents.z_BW.size(0), 1);
  EXPECT_EQ(thoughts.effect_B.size(0), 1);
}

TEST(PolicyTest, ActionsStayWithinTheCardsLimits) {
  const auto policy = SmallPolicy();
  contract::AdaptationCard card = SmallCard(*policy);
  card.limits.low = {-.01, -.2}, card.limits.high = {.01, .2};
  const PolicyRows rows = RowsOf(SmallBatch(8), policy->layout(), policy->normaliser());
  const at::Tensor actions = Act(*policy, rows, NoiseFor(8), ActPlan::Of(*policy, card, "card")).actions_BHD;
  EXPECT_LE(actions.select(2, 0).abs().max().item<float>(), .01f);
  EXPECT_LE(actions.select(2, 1).abs().max().item<float>(), .2f);
  EXPECT_GT(actions.select(2, 1).abs().max().item<float>(), .01f);
}

}  // namespace
}  // namespace heddle::policy
