// What a served checkpoint does in the simulation is what it does in one process, bit for bit.
#include <gtest/gtest.h>

#include <algorithm>

#include "heddle/core/test/scratch_folder.h"
#include "heddle/eval/actors/make_actor.h"
#include "heddle/eval/rollout.h"
#include "heddle/serve/policy_service.h"
#include "heddle/serve/test/small_checkpoint.h"
#include "heddle/wire/policy_server.h"

namespace heddle {
namespace {

// The actions of each episode, by seed.
std::map<uint64_t, std::vector<std::vector<double>>> ActionsOf(const std::string& policy, int threads) {
  const sim::WorldKind kind = sim::WorldKind::Of({});
  const eval::ActorChoice choice = eval::MakeActor(policy, kind, {.actions_per_chunk = 4});
  std::map<uint64_t, std::vector<std::vector<double>>> actions;
  const std::vector<uint64_t> seeds = {3, 4};
  eval::RolloutPlan plan;
  plan.episodes_a_thread = choice.actor->batch_size() > 0 ? 2 : 1;
  const bool whole =
      eval::RunEpisodes(kind, *choice.actor, seeds, plan, ThreadBudget(threads), [&](eval::EpisodeResult result) {
        EXPECT_EQ(result.details, "");
        actions[result.seed] = std::move(result.actions);
      });
  EXPECT_TRUE(whole);
  return actions;
}

TEST(ServedActions, AreThoseOfOneProcess) {
  const ScratchFolder scratch;
  const std::filesystem::path folder = scratch.path() / "checkpoint";
  serve::SmallPolicy::OfPanda().Save(folder);
  serve::PolicyService service = serve::PolicyService::Load(folder);
  wire::PolicyServer server(service.Metadata(), [&](const wire::Value& seen) { return service.Answer(seen); },
                            {.port = 0});
  const auto alone = ActionsOf(folder.string(), 2);
  const auto served = ActionsOf("ws://127.0.0.1:" + std::to_string(server.port()), 2);
  ASSERT_EQ(alone.size(), 2U);
  EXPECT_GT(alone.at(3).size(), 100U);
  EXPECT_EQ(alone, served);
  EXPECT_NE(alone.at(3), alone.at(4));
}

}  // namespace
}  // namespace heddle
