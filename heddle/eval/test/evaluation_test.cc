#include "heddle/eval/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/error.h"
#include "heddle/eval/actors/make_actor.h"
#include "heddle/eval/actors/scripted.h"
#include "heddle/eval/summary.h"
#include "heddle/sim/record.h"

namespace heddle::eval {
namespace {

using testing::HasSubstr;

class Evaluation : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / (std::string("evaluation-") + test->name());
    std::filesystem::remove_all(folder_);
  }

  EvaluationOutcome Run(Actor& actor, std::vector<uint64_t> seeds) {
    EvaluationPlan plan;
    plan.seeds = std::move(seeds);
    ran_ = 0;
    return Evaluate(kind_, actor, plan, folder_, ThreadBudget(2), stop_, [&](const contract::EvidenceRow&) { ++ran_; });
  }

  sim::WorldKind kind_ = sim::WorldKind::Of({});
  std::filesystem::path folder_;
  StopFlag stop_;
  int64_t ran_ = 0;
};

TEST_F(Evaluation, WhatIsThereIsNotRunAgain) {
  const auto actor = MakeExpertActor(kind_, "fast-rim");
  EXPECT_EQ(Run(*actor, {7, 8}).already, 0);
  const EvaluationOutcome more = Run(*actor, {7, 8, 9});
  EXPECT_EQ(more.already, 2);
  EXPECT_EQ(more.rows.size(), 3U);
  EXPECT_EQ(contract::ReadEvidence(folder_).rows.size(), 3U);
}

TEST_F(Evaluation, AnotherPolicyOrStrategyIsRunAnew) {
  const auto rim = MakeExpertActor(kind_, "fast-rim"), handle = MakeExpertActor(kind_, "fast-handle");
  Run(*rim, {7});
  EXPECT_EQ(Run(*handle, {7}).already, 0);
  EXPECT_EQ(contract::ReadEvidence(folder_).rows.size(), 2U);
}

TEST_F(Evaluation, RowsSayWhatWasRun) {
  const auto actor = MakeExpertActor(kind_, "");
  const contract::EvidenceRow row = Run(*actor, {7}).rows.at(0);
  EXPECT_EQ(row.setup.task, "nut_assembly");
  EXPECT_EQ(row.setup.task_options.at("nuts"), "square");
  EXPECT_EQ(row.setup.gap.text, "none");
  EXPECT_EQ(row.setup.horizon, 400);
  EXPECT_EQ(row.setup.embodiment, "panda");
  EXPECT_EQ(row.setup.simulator, "mujoco 3.14.0");
  EXPECT_EQ(row.policy.kind, "expert");
  EXPECT_EQ(row.policy.strategy, "safe-handle");
  EXPECT_EQ(row.outcome.episode_seed, 7);
  EXPECT_TRUE(row.outcome.success_end);
}

TEST_F(Evaluation, ARecordingReplaysToTheSameSuccess) {
  sim::RecordPlan plan;
  plan.demos = 2;
  plan.domain = "test";
  plan.strategies = {"fast-rim"};
  const auto dataset = folder_ / "demos";
  sim::RecordDemonstrations(plan, dataset, ThreadBudget(2), stop_, [](const std::string&) {});
  const auto actor = MakeReplayActor(kind_, dataset.string());
  const EvaluationOutcome outcome = Run(*actor, actor->Seeds());
  ASSERT_EQ(outcome.rows.size(), 2U);
  for (const auto& row : outcome.rows) EXPECT_TRUE(row.outcome.success_end) << row.outcome.failure;
  EXPECT_EQ(Run(*actor, {12345}).rows.at(0).outcome.failure, "no-recording");
}

TEST_F(Evaluation, PoliciesThatThereAreNotAreRefused) {
  const auto message = [&](const std::string& policy, const ActorFlags& flags) -> std::string {
    try {
      MakeActor(policy, kind_, flags);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("exprt", {}), HasSubstr("did you mean 'expert'?"));
  EXPECT_THAT(message("expert", {.strategy = "safe-handel"}), HasSubstr("did you mean 'safe-handle'?"));
  EXPECT_THAT(message("random", {.strategy = "safe-handle"}), HasSubstr("only the expert has strategies"));
  EXPECT_THAT(message("replay:/nowhere", {}), HasSubstr("/nowhere"));
  EXPECT_THAT(message("ws://127.0.0.1:99999", {}), HasSubstr("99999"));
}

}  // namespace
}  // namespace heddle::eval
