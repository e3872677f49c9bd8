#include "heddle/eval/rollout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "heddle/eval/actors/scripted.h"

namespace heddle::eval {
namespace {

// What of a result must not depend on how it was computed.
using Row = std::tuple<uint64_t, bool, bool, std::string, int64_t, std::vector<std::vector<double>>>;

std::vector<Row> RowsOf(const sim::WorldKind& kind, Actor& actor, const std::vector<uint64_t>& seeds, int threads,
                        int64_t side_by_side = 1) {
  std::vector<Row> rows;
  const bool whole = RunEpisodes(
      kind, actor, seeds, {.cameras = {}, .episodes_a_thread = side_by_side}, ThreadBudget(threads),
      [&](EpisodeResult r) { rows.emplace_back(r.seed, r.success_any, r.success_end, r.failure, r.steps, r.actions); });
  EXPECT_TRUE(whole);
  std::sort(rows.begin(), rows.end());
  return rows;
}

// A policy whose numbers depend on how many rows a batch has, as matrix products do, and on chance.
class BatchedPolicy final : public Actor {
 public:
  explicit BatchedPolicy(int64_t batch) : batch_(batch) {}
  contract::EvidencePolicy identity() const override { return {}; }
  int64_t actions_per_chunk() const override { return 4; }
  int64_t batch_size() const override { return batch_; }
  void Begin(const ActRequest&) override {}

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    EXPECT_EQ(static_cast<int64_t>(requests.size()), batch_);
    EXPECT_EQ(inside_.fetch_add(1), 0) << "one thread at a time";
    for (size_t i = 0; i < requests.size(); ++i) {
      const sim::World& world = *requests[i].world;
      RandomStream noise = RandomStream(world.seed(), "policy").Split(static_cast<uint64_t>(world.step()));
      for (int k = 0; k < 6; ++k) {
        std::vector<double> action(7);
        for (double& value : action)
          value = 0.5 * noise.Normal() + world.observation().state[0] / static_cast<double>(requests.size());
        replies[i].actions.push_back(action);
      }
    }
    --inside_;
  }

 private:
  int64_t batch_;
  std::atomic<int> inside_{0};
};

// Does what a function says.
class Scripted final : public Actor {
 public:
  explicit Scripted(std::function<ActReply(const ActRequest&)> act) : act_(std::move(act)) {}
  contract::EvidencePolicy identity() const override { return {}; }
  int64_t actions_per_chunk() const override { return 1; }
  void Begin(const ActRequest&) override {}
  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    for (size_t i = 0; i < requests.size(); ++i) replies[i] = act_(requests[i]);
  }

 private:
  std::function<ActReply(const ActRequest&)> act_;
};

TEST(Rollout, ExpertsRowsAreTheSameForOneAndFourThreadsAndAlone) {
  const sim::WorldKind kind = sim::WorldKind::Of({.gap = "physics+perception"});
  const auto actor = MakeExpertActor(kind, "fast-rim");
  const std::vector<uint64_t> seeds = {1, 2, 3, 4, 5};
  const auto rows = RowsOf(kind, *actor, seeds, 1);
  EXPECT_EQ(rows, RowsOf(kind, *actor, seeds, 4));
  EXPECT_EQ(rows[2], RowsOf(kind, *actor, {3}, 1)[0]);
}

TEST(Rollout, BatchedPolicysRowsAreTheSameForOneAndFourThreadsAndAlone) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  BatchedPolicy policy(3);
  const std::vector<uint64_t> seeds = {1, 2, 3, 4, 5, 6};
  const auto rows = RowsOf(kind, policy, seeds, 1);
  EXPECT_EQ(rows, RowsOf(kind, policy, seeds, 4));
  EXPECT_EQ(rows, RowsOf(kind, policy, seeds, 2, 3));
  EXPECT_EQ(rows[3], RowsOf(kind, policy, {4}, 1)[0]);
}

TEST(Rollout, OnlySoManyActionsOfAChunkAreExecuted) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  BatchedPolicy policy(1);
  const Row row = RowsOf(kind, policy, {1}, 1)[0];
  EXPECT_EQ(std::get<4>(row), 400);
  EXPECT_EQ(std::get<5>(row).size(), 400U);
}

TEST(Rollout, ActionsThatCannotBeAreAFailureOfThePolicy) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  const auto label = [&](std::vector<std::vector<double>> actions) {
    Scripted actor([&](const ActRequest&) { return ActReply{.actions = actions, .failure = {}, .details = {}}; });
    return std::get<3>(RowsOf(kind, actor, {1}, 1)[0]);
  };
  EXPECT_EQ(label({std::vector<double>(6)}), kBadAction);
  EXPECT_EQ(label({}), kBadAction);
  std::vector<double> nan(7);
  nan[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(label({nan}), kBadAction);
  nan[3] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(label({nan}), kBadAction);
  EXPECT_EQ(label({std::vector<double>(7, 1e300)}), "collision") << "what is beyond the range is clipped";
}

TEST(Rollout, APolicysFailureEndsItsEpisodeWithItsLabel) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  Scripted actor([](const ActRequest& request) {
    if (request.world->step() < 5)
      return ActReply{.actions = {request.world->IdleAction()}, .failure = {}, .details = {}};
    return ActReply{.actions = {}, .failure = "policy-timeout", .details = "no answer in 1 s"};
  });
  const Row row = RowsOf(kind, actor, {1}, 1)[0];
  EXPECT_EQ(std::get<3>(row), "policy-timeout");
  EXPECT_EQ(std::get<4>(row), 5);
}

TEST(Rollout, AStopKeepsWhatWasFinished) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  const auto actor = MakeExpertActor(kind, "fast-rim");
  StopFlag stop;
  std::vector<uint64_t> seeds(20);
  std::iota(seeds.begin(), seeds.end(), 0);
  int64_t done = 0;
  const bool whole = RunEpisodes(
      kind, *actor, seeds, {}, ThreadBudget(2),
      [&](EpisodeResult) {
        if (++done == 2) stop.Request();
      },
      &stop);
  EXPECT_FALSE(whole);
  EXPECT_GE(done, 2);
  EXPECT_LE(done, 4);
}

TEST(Rollout, WhatAnActorThrowsComesOut) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  Scripted actor([](const ActRequest&) -> ActReply { throw std::runtime_error("broken"); });
  const std::vector<uint64_t> seeds = {1, 2, 3};
  EXPECT_THROW(RunEpisodes(kind, actor, seeds, {}, ThreadBudget(2), [](EpisodeResult) {}), std::runtime_error);
}

TEST(Rollout, AnEpisodeEndsOnceItsSuccessHasSettled) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  const auto actor = MakeExpertActor(kind, "fast-handle");
  const Row row = RowsOf(kind, *actor, {2}, 1)[0];
  EXPECT_TRUE(std::get<2>(row));
  EXPECT_LT(std::get<4>(row), 300);
}

}  // namespace
}  // namespace heddle::eval
