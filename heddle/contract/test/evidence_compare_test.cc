#include "heddle/contract/evidence_compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"

namespace heddle::contract {
namespace {

using ::testing::HasSubstr;
using Differences = std::vector<FieldDifference>;

EvidenceRow Row() {
  EvidenceRow row;
  row.setup = {.task = "nut_assembly", .task_options = {{"nuts", "square"}}, .horizon = 400, .control_hz = 20};
  row.policy = {.kind = "checkpoint", .name = "runs/a", .checkpoint_hash = "aa"};
  row.policy.training = EvidenceTraining{.method = "mix", .w = 0.1, .mixture_hash = "m1", .training_seed = 1};
  return row;
}

std::vector<std::string> Fields(const Differences& differences) {
  std::vector<std::string> names;
  for (const auto& difference : differences) names.push_back(difference.field);
  return names;
}

TEST(EvidenceCompare, EqualRowsDoNotDiffer) {
  EvidenceRow other = Row();
  other.outcome = {.success_any = true, .episode_seed = 5};
  other.policy.name = "/elsewhere/runs/a";
  other.policy.chosen_from = 7;
  other.policy.training->target_passes = 3.5;
  EXPECT_EQ(EvidenceDifferences(Row(), other), Differences{});
}

TEST(EvidenceCompare, DifferingFieldsAreNamedWithBothValues) {
  EvidenceRow other = Row();
  other.setup.task_options["nuts"] = "round";
  other.setup.gap = {.text = "visual", .hash = "x", .resolved = {{"light", 1}}};
  other.setup.control_hz = 10;
  other.policy.training->w = 0.3;
  EXPECT_EQ(EvidenceDifferences(Row(), other),
            (Differences{{"task_options", R"({"nuts":"square"})", R"({"nuts":"round"})"},
                         {"gap", R"("none")", R"("visual")"},
                         {"control_hz", "20", "10"},
                         {"w", "0.1", "0.3"}}));
}

TEST(EvidenceCompare, AGapOfTheSameNameIsComparedByItsValues) {
  EvidenceRow a = Row(), b = Row();
  a.setup.gap.resolved = {{"light", 1}, {"camera", 2}};
  b.setup.gap.resolved = {{"light", 3}, {"camera", 2}};
  EXPECT_EQ(EvidenceDifferences(a, b), (Differences{{"gap", R"({"light":1})", R"({"light":3})"}}));
}

TEST(EvidenceCompare, AnotherRatioExplainsAnotherSheetAndCheckpoint) {
  EvidenceRow other = Row();
  other.policy.training->w = 0.3;
  other.policy.training->mixture_hash = "m2";
  other.policy.training->training_seed = 2;
  other.policy.checkpoint_hash = "bb";
  const auto differences = EvidenceDifferences(Row(), other);
  EXPECT_EQ(Fields(differences), (std::vector<std::string>{"w", "mixture_hash", "training_seed", "checkpoint_hash"}));
  EXPECT_EQ(ExplainingField(differences), "w");
  EXPECT_FALSE(MayDiffer("w", "mixture_hash"));
}

TEST(EvidenceCompare, TwoCausesExplainNothing) {
  EvidenceRow other = Row();
  other.policy.training->w = 0.3;
  other.policy.training->align = "ot";
  EXPECT_EQ(ExplainingField(EvidenceDifferences(Row(), other)), std::nullopt);
}

TEST(EvidenceCompare, ASetUpNeverDiffersOnPurposeUnlessItIsSaid) {
  EvidenceRow other = Row();
  other.setup.gap = {.text = "visual"};
  EXPECT_EQ(ExplainingField(EvidenceDifferences(Row(), other)), std::nullopt);
  EXPECT_TRUE(MayDiffer("gap", "gap"));
  EXPECT_FALSE(MayDiffer("horizon", "gap"));
  EXPECT_FALSE(MayDiffer("control_hz", "policy"));
}

TEST(EvidenceCompare, EveryFieldOfThePolicyFollowsFromItsKind) {
  EvidenceRow other = Row();
  other.policy = {.kind = "expert", .name = "expert", .strategy = "fast"};
  EXPECT_EQ(ExplainingField(EvidenceDifferences(Row(), other)), "kind");
}

TEST(EvidenceCompare, ANameMattersWhereNoHashIsKnown) {
  EvidenceRow a = Row(), b = Row();
  a.policy = {.kind = "server", .name = "ws://one"};
  b.policy = {.kind = "server", .name = "ws://two"};
  EXPECT_EQ(ExplainingField(EvidenceDifferences(a, b)), "name");
  EXPECT_NE(RecipeKey(a), RecipeKey(b));
}

TEST(EvidenceCompare, TrainingRunsOfARecipeHaveOneKeyUnlessTheyAreWhatDiffers) {
  EvidenceRow other = Row();
  other.policy.training->training_seed = 2;
  other.policy.checkpoint_hash = "bb";
  other.policy.name = "runs/b";
  EXPECT_EQ(RecipeKey(Row()), RecipeKey(other));
  EXPECT_NE(RecipeKey(Row(), "training_seed"), RecipeKey(other, "training_seed"));
  other.policy.training->step = 100;
  EXPECT_NE(RecipeKey(Row()), RecipeKey(other));
}

TEST(EvidenceCompare, OtherTasksHaveOtherResets) {
  EXPECT_FALSE(KeepsResets("task"));
  EXPECT_TRUE(KeepsResets("gap"));
  EXPECT_TRUE(KeepsResets("policy"));
}

TEST(EvidenceCompare, FieldsAreNamedShortOrInFull) {
  EXPECT_EQ(EvidenceField("w"), "w");
  EXPECT_EQ(EvidenceField("policy.training.w"), "w");
  try {
    EvidenceField("trainingseed");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'training_seed'?"));
  }
}

}  // namespace
}  // namespace heddle::contract
