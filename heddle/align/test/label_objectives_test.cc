#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/align/adversary.h"
#include "heddle/align/classifier.h"
#include "heddle/align/reversal.h"
#include "heddle/align/test/batches.h"
#include "heddle/core/error.h"

namespace heddle::align {
namespace {

using ::testing::HasSubstr;

ClassifierOptions SmallClassifier(double weight = 1) {
  ClassifierOptions options;
  options.weight = weight;
  options.net.width = 6;
  return options;
}

AdversaryOptions SmallAdversary(double weight = 1) {
  AdversaryOptions options;
  options.weight = weight;
  options.net.width = 6;
  return options;
}

double LossOf(Objective& objective, const AlignBatch& batch) {
  const at::NoGradGuard no_gradient;
  return objective(batch).loss.item<double>();
}

TEST(ReverseGradient, IsTheSameForwardAndTheOppositeBackward) {
  at::Tensor value = (Normals(1, {50}) * 1e3).to(at::kFloat).requires_grad_();
  const at::Tensor reversed = ReverseGradient(value, 0.3);
  EXPECT_TRUE(at::equal(reversed, value));
  const at::Tensor slopes = Normals(2, {50}).to(at::kFloat);
  reversed.backward(slopes);
  EXPECT_TRUE(at::allclose(value.grad(), -0.3 * slopes));
}

TEST(ReversalStrength, RisesFromNothingOverItsShareOfTraining) {
  EXPECT_EQ(ReversalStrength(0, 1000, 0.5), 0);
  EXPECT_NEAR(ReversalStrength(50, 1000, 0.5), 2 / (1 + std::exp(-1.0)) - 1, 1e-12);
  EXPECT_GT(ReversalStrength(500, 1000, 0.5), 0.9999);
  EXPECT_EQ(ReversalStrength(500, 1000, 0.5), ReversalStrength(900, 1000, 0.5));
  EXPECT_EQ(ReversalStrength(0, 1000, 0), 1);
}

TEST(Classifier, HasTheGradientOfFiniteDifferences) {
  for (const bool balanced : {true, false}) {
    Maker maker(3, 3);
    ClassifierOptions options = SmallClassifier(0.4);
    options.net.balanced = balanced;
    const auto classifier = maker.Make(options);
    const AlignBatch batch = SomeBatch(7, 3, 3);
    (*classifier)(batch).loss.backward();
    const auto loss = [&] { return LossOf(*classifier, batch); };
    EXPECT_LT(LargestDifference(batch.z_BD.grad(), FiniteDifference(loss, batch.z_BD)), 1e-8);
    EXPECT_LT(LargestDifference(maker.parameters.gradients(), FiniteDifference(loss, maker.parameters.values())), 1e-8);
    EXPECT_GT(maker.parameters.gradients().abs().min().item<double>(), 0);
  }
}

TEST(Adversary, ReversesTheLatentsGradientAndNotItsOwn) {
  Maker maker(3);
  const auto adversary = maker.Make(SmallAdversary(0.4));
  AlignBatch batch = SomeBatch(7, 3);
  batch.step = 60;  // of 1000, warmed up over the first 500
  (*adversary)(batch).loss.backward();
  const auto loss = [&] { return LossOf(*adversary, batch); };
  const double strength = ReversalStrength(60, 1000, 0.5);
  EXPECT_LT(strength, 0.6);
  EXPECT_LT(LargestDifference(batch.z_BD.grad(), -strength * FiniteDifference(loss, batch.z_BD)), 1e-8);
  EXPECT_LT(LargestDifference(maker.parameters.gradients(), FiniteDifference(loss, maker.parameters.values())), 1e-8);
  EXPECT_GT(batch.z_BD.grad().abs().max().item<double>(), 1e-4);
}

TEST(LabelNet, SaysWhereABatchHasNothingToTell) {
  Maker first(3), second(3);
  const auto adversary = first.Make(SmallAdversary());
  const auto classifier = second.Make(SmallClassifier());
  AlignBatch batch = SomeBatch(9, 3);
  EXPECT_EQ((*adversary)(batch).note, "");
  EXPECT_EQ((*classifier)(batch).note, "");
  batch.domain_B = at::zeros_like(batch.domain_B);
  EXPECT_THAT((*adversary)(batch).note, HasSubstr("rows of one label only"));
  EXPECT_THAT((*classifier)(batch).note, HasSubstr("rows of one label only"));
}

TEST(Adversary, SaysTheLossThatTheClassifierSays) {
  Maker first(3), second(3);
  const AlignBatch batch = SomeBatch(9, 3);
  // The streams of the initial values bear the objectives' names; so the values are copied.
  const auto adversary = first.Make(SmallAdversary());
  const auto classifier = second.Make(SmallClassifier());
  first.parameters.CopyIn(second.parameters.values());
  EXPECT_EQ(LossOf(*adversary, batch), LossOf(*classifier, batch));
}

TEST(Adversary, DrawsDomainsTogetherAndTheClassifierDrivesThemApart) {
  AlignBatch drawn = SomeBatch(64, 4), driven = drawn;
  const double before = MeansApart(drawn);
  Maker first(4), second(4);
  const auto adversary = first.Make(SmallAdversary());
  Descend(*adversary, drawn, first.parameters, 300, 2);
  EXPECT_LT(MeansApart(drawn), 0.4 * before);
  const auto classifier = second.Make(SmallClassifier());
  Descend(*classifier, driven, second.parameters, 300, 2);
  EXPECT_GT(MeansApart(driven), 1.2 * before);
  EXPECT_EQ((*classifier)(driven).scalars.at("accuracy").item<double>(), 1);
}

TEST(LabelNet, TouchesTheChosenDimensionsOnly) {
  Maker maker(5);
  AdversaryOptions options = SmallAdversary();
  options.net.dimensions = {1, 3};
  const auto adversary = maker.Make(options);
  const AlignBatch batch = SomeBatch(8, 5);
  (*adversary)(batch).loss.backward();
  const at::Tensor moved_D = batch.z_BD.grad().abs().sum(0);
  EXPECT_EQ(Numbers(moved_D > 0), (std::vector<double>{0, 1, 1, 0, 0}));
}

TEST(LabelNet, CountsEveryDomainTheSameWhenBalanced) {
  Maker maker(3);
  const auto classifier = maker.Make(SmallClassifier());
  AlignBatch batch = SomeBatch(4, 3);
  batch.domain_B = at::tensor({0, 1, 1, 1}, at::kLong);
  const double one = LossOf(*classifier, batch);
  // Each surrogate row twice: the same mean of domains.
  const at::Tensor rows = at::tensor({0, 1, 1, 2, 2, 3, 3}, at::kLong);
  batch.z_BD = batch.z_BD.index_select(0, rows);
  batch.domain_B = batch.domain_B.index_select(0, rows);
  EXPECT_NEAR(LossOf(*classifier, batch), one, 1e-12);
}

TEST(LabelNet, AddsNothingWhereOneDomainIsAlone) {
  Maker maker(3);
  const auto classifier = maker.Make(SmallClassifier());
  AlignBatch batch = SomeBatch(4, 3);
  batch.domain_B.fill_(1);
  const ObjectiveValue value = (*classifier)(batch);
  value.loss.backward();
  EXPECT_EQ(value.loss.item<double>(), 0);
  EXPECT_EQ(batch.z_BD.grad().abs().max().item<double>(), 0);
}

TEST(LabelNet, TellsAnyLabelAndLeavesOutRowsWithoutIt) {
  Maker maker(3);
  maker.setup.label_classes = {{"strategy", 2}};
  ClassifierOptions options = SmallClassifier();
  options.net.label = "strategy";
  const auto classifier = maker.Make(options);
  AlignBatch batch = SomeBatch(5, 3);
  batch.labels["strategy"] = at::tensor({1, 0, 2, 1, 0}, at::kLong);
  (*classifier)(batch).loss.backward();
  EXPECT_EQ(Numbers(batch.z_BD.grad().abs().sum(1) > 0), (std::vector<double>{1, 0, 1, 1, 0}));
}

std::string ErrorOf(Maker& maker, const AdversaryOptions& options) {
  try {
    options.Make(maker.setup);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(LabelNet, RefusesWhatItCannotTell) {
  Maker maker(5), alone(5, 1);
  maker.setup.label_classes = {{"strategy", 2}, {"rig", 1}};
  AdversaryOptions options = SmallAdversary();
  options.net.label = "stratgy";
  EXPECT_THAT(ErrorOf(maker, options), HasSubstr("did you mean 'strategy'?"));
  options.net.label = "weather";
  EXPECT_THAT(ErrorOf(maker, options), HasSubstr("one of: domain, rig, strategy"));
  options.net.label = "rig";
  EXPECT_THAT(ErrorOf(maker, options), HasSubstr("same rig"));
  options.net.label = "domain";
  EXPECT_THAT(ErrorOf(alone, options), HasSubstr("same domain"));
  for (const Dimensions& wrong : {Dimensions{3}, {3, 3}, {0, 6}, {4, 2}}) {
    options.net.dimensions = wrong;
    EXPECT_THAT(ErrorOf(maker, options), HasSubstr("adversary.dimensions"));
  }
}

}  // namespace
}  // namespace heddle::align
