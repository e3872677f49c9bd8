// The policies that a command line can name.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heddle/eval/actor.h"
#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world_spec.h"

namespace heddle::eval {

struct ActorFlags {
  std::string strategy = {};                      // of the expert
  std::optional<int64_t> actions_per_chunk = {};  // of a server's answers (else 8) or a checkpoint's (else its card's)
  double timeout_s = 10;                          // for a server's answer
  std::optional<double> guidance = {};            // of a checkpoint, in place of its card's
  std::vector<std::string> act_as = {};           // of a checkpoint: "strategy=safe"
  bool tells_decisions = false;                   // of a checkpoint: with its latents
};

struct ActorChoice {
  std::unique_ptr<Actor> actor;
  bool needs_cameras = false;  // looks at pictures, whichever there are
  // Looks through these and no others.
  std::optional<sim::CameraPlan> cameras = {};
  std::vector<uint64_t> seeds;  // the only ones that it can act from; empty: any
  // One computation of it is worth several threads.
  bool is_large = false;
  // Of a checkpoint: another lambda from here on. Empty for all others.
  std::function<void(double lambda)> set_guidance = {};
};

// "expert", "random", "replay:DATASET", "ws://HOST:PORT", the folder of a checkpoint or a run. Usage error for anything
// else. `kind` must outlive the actor.
ActorChoice MakeActor(const std::string& policy, const sim::WorldKind& kind, const ActorFlags& flags);

}  // namespace heddle::eval
