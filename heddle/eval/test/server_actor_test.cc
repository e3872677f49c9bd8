// Served policies that misbehave cost their episode, and nothing else.
#include "heddle/eval/actors/server_actor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <thread>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/error.h"
#include "heddle/eval/evaluation.h"
#include "heddle/wire/policy_server.h"

namespace heddle::eval {
namespace {

using contract::Array;
using testing::HasSubstr;
using wire::Value;

Value Actions(std::vector<float> values, contract::Shape shape) {
  return wire::Map{{"actions", Array::Of<float>(values, std::move(shape))}};
}

class ServedPolicy : public testing::Test {
 protected:
  // The outcome of episodes against a server with this handler.
  EvaluationOutcome Run(const wire::PolicyHandler& handler, std::vector<uint64_t> seeds = {1}, double timeout_s = 5) {
    wire::PolicyServer server(wire::Map{}, handler, {.port = 0});
    const sim::WorldKind kind = sim::WorldKind::Of({});
    const auto actor = MakeServerActor("ws://127.0.0.1:" + std::to_string(server.port()),
                                       {.client = {.timeout_s = timeout_s}, .actions_per_chunk = 8});
    EvaluationPlan plan;
    plan.seeds = std::move(seeds);
    return Evaluate(kind, *actor, plan, Folder(), ThreadBudget(2), stop_, [](const contract::EvidenceRow&) {});
  }

  std::string LabelOf(const wire::PolicyHandler& handler, double timeout_s = 5) {
    const EvaluationOutcome outcome = Run(handler, {1}, timeout_s);
    EXPECT_EQ(outcome.problems.size(), 1U);
    if (!outcome.problems.empty()) problem_ = outcome.problems[0];
    return outcome.rows.at(0).outcome.failure;
  }

  std::filesystem::path Folder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const auto folder = std::filesystem::path(testing::TempDir()) / (std::string("served-") + test->name()) /
                        std::to_string(++folders_);
    std::filesystem::remove_all(folder);
    return folder;
  }

  StopFlag stop_;
  std::string problem_;
  int folders_ = 0;
  uint16_t port_ = 0;
};

TEST_F(ServedPolicy, IsShownTheWorldAndDrivesAnEpisode) {
  std::atomic<int> asked{0};
  const EvaluationOutcome outcome = Run([&](const Value& observation) {
    ++asked;
    EXPECT_EQ(observation.Find("observation/state")->Get<Array>()->shape(), contract::Shape{16});
    EXPECT_EQ(*observation.Find("prompt")->Get<std::string>(), "put the square nut on the square peg");
    EXPECT_EQ(observation.Find("episode_seed")->Number(), 1);
    return Actions(std::vector<float>(10 * 7, 0), {10, 7});
  });
  EXPECT_EQ(outcome.rows.at(0).outcome.failure, "never-reached");
  EXPECT_EQ(outcome.rows.at(0).outcome.steps, 400);
  EXPECT_EQ(asked, 50) << "8 of 10 actions are executed of each answer";
}

TEST_F(ServedPolicy, WrongShapesAndNumbersAreBadActions) {
  EXPECT_EQ(LabelOf([](const Value&) { return Actions(std::vector<float>(8 * 6), {8, 6}); }), "bad-action");
  EXPECT_THAT(problem_, HasSubstr("an action has 6 values, not 7"));
  EXPECT_EQ(LabelOf([](const Value&) {
              return Actions(std::vector<float>(8 * 7, std::numeric_limits<float>::quiet_NaN()), {8, 7});
            }),
            "bad-action");
  EXPECT_THAT(problem_, HasSubstr("value 0 of an action is nan"));
  EXPECT_EQ(LabelOf([](const Value&) { return Actions(std::vector<float>(7), {7}); }), "policy-malformed");
  EXPECT_THAT(problem_, HasSubstr("1 of the 8 actions that are executed"));
  EXPECT_EQ(LabelOf([](const Value&) { return Actions(std::vector<float>(14), {2, 7, 1}); }), "policy-malformed");
  EXPECT_EQ(LabelOf([](const Value&) { return Value(wire::Map{{"action", 1}}); }), "policy-malformed");
  EXPECT_THAT(problem_, HasSubstr("no array 'actions'"));
}

TEST_F(ServedPolicy, ThatHangsCostsItsTimeoutAndNoMore) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(LabelOf(
                [](const Value&) {
                  std::this_thread::sleep_for(std::chrono::milliseconds(600));
                  return Actions(std::vector<float>(7), {1, 7});
                },
                0.2),
            "policy-timeout");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST_F(ServedPolicy, ThatFailsInOneEpisodeIsAskedAgainInTheNext) {
  std::atomic<int> asked{0};
  const EvaluationOutcome outcome = Run(
      [&](const Value&) -> Value {
        if (++asked == 3) ThrowInput("out of memory");
        return Actions(std::vector<float>(8 * 7), {8, 7});
      },
      {1, 2, 3});
  ASSERT_EQ(outcome.rows.size(), 3U);
  int64_t failed = 0;
  for (const auto& row : outcome.rows) failed += row.outcome.failure == "policy-error" ? 1 : 0;
  EXPECT_EQ(failed, 1);
}

TEST_F(ServedPolicy, ThatAlwaysFailsIsGivenUpWithItsRowsKept) {
  const std::vector<uint64_t> seeds = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  try {
    Run([](const Value&) -> Value { ThrowInput("no weights"); }, seeds);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("failed in 5 episodes on end"));
    EXPECT_THAT(error.what(), HasSubstr("no weights"));
  }
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir()) / (std::string("served-") + test->name()) / "1";
  EXPECT_EQ(contract::ReadEvidence(folder).rows.size(), 5U);
}

// Two evaluations into one folder, against two policies on the same port.
TEST_F(ServedPolicy, OfOneAddressIsNotTakenForAnother) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  const auto folder = Folder();
  const auto evaluate = [&](const wire::Value& metadata, bool fails, bool same_policy) {
    wire::PolicyServer server(metadata,
                              [&](const Value&) -> Value {
                                if (fails) ThrowInput("not loaded");
                                return Actions(std::vector<float>(8 * 7), {8, 7});
                              },
                              {.port = port_});
    port_ = server.port();
    const auto actor = MakeServerActor("ws://127.0.0.1:" + std::to_string(port_), {});
    EvaluationPlan plan;
    plan.seeds = {1};
    plan.same_policy = same_policy;
    return Evaluate(kind, *actor, plan, folder, ThreadBudget(1), stop_, [](const contract::EvidenceRow&) {});
  };
  EXPECT_EQ(evaluate(wire::Map{}, true, false).rows.at(0).outcome.failure, "policy-error");
  EXPECT_THROW(evaluate(wire::Map{}, false, false), Error) << "it may be another policy";
  const EvaluationOutcome again = evaluate(wire::Map{}, false, true);
  EXPECT_EQ(again.already, 0) << "an episode without an answer is run again";
  EXPECT_EQ(again.rows.at(0).outcome.failure, "never-reached");
  EXPECT_EQ(evaluate(wire::Map{{"checkpoint_hash", "abc"}}, false, false).already, 0) << "another checkpoint";
  EXPECT_EQ(evaluate(wire::Map{{"checkpoint_hash", "abc"}}, false, false).already, 1) << "the same checkpoint";
}

TEST_F(ServedPolicy, WhomNobodyServesIsSaidAtOnce) {
  EXPECT_THROW(MakeServerActor("ws://127.0.0.1:9", {}), wire::PolicyFailure);
}

}  // namespace
}  // namespace heddle::eval
