// Many episodes of one actor in one kind of world, side by side.
//
// Each thread has worlds of its own and keeps them for all of its episodes. An episode is a function of (actor, world,
// seed): neither the number of threads nor what runs beside it changes its outcome. It ends when the task has been in
// success for sim::kSettledSteps control steps on end, at the horizon, or where the actor fails.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"
#include "heddle/eval/actor.h"
#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world_spec.h"

namespace heddle::eval {

// Labels of every task, beside its own and those of wire/policy_failure.h.
inline constexpr const char* kNoFailure = "none";
inline constexpr const char* kBadAction = "bad-action";  // another length, or not finite
inline constexpr const char* kDiverged = "diverged";     // the physics ran away

struct EpisodeResult {
  uint64_t seed = 0;
  bool success_any = false, success_end = false;
  std::string failure = kNoFailure;
  std::string details;  // of an actor's failure
  int64_t steps = 0;
  double wall_s = 0;
  std::vector<std::vector<double>> actions;  // that were executed: the episode can be played again
  std::vector<DecidedChunk> decisions;       // one a chunk, where the actor tells them
};

struct RolloutPlan {
  sim::CameraPlan cameras;
  int64_t episodes_a_thread = 1;  // side by side; more than one fills the batches of a batched actor
};

// `done` is called once an episode, in the order in which they end, by one thread at a time. Returns false if `stop`
// kept an episode from being begun or finished; those under way are dropped.
bool RunEpisodes(const sim::WorldKind& kind, Actor& actor, std::span<const uint64_t> seeds, const RolloutPlan& plan,
                 const ThreadBudget& budget, const std::function<void(EpisodeResult result)>& done,
                 const StopFlag* stop = nullptr);

}  // namespace heddle::eval
