// A trained policy, from its checkpoint, in this process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "heddle/contract/card.h"
#include "heddle/eval/actor.h"
#include "heddle/policy/acting_changes.h"
#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world_spec.h"

namespace heddle::eval {

struct PolicyActorOptions {
  std::optional<int64_t> actions_per_chunk = {};  // executed; nothing: the card's
  policy::ActingChanges changes = {};
  bool tells_decisions = false;  // with its latents
};

struct PolicyActorChoice {
  std::unique_ptr<Actor> actor;
  sim::CameraPlan cameras;  // that it looks through
  bool is_large = false;    // one batch is worth several threads
  // Another lambda for the episodes from here on, without loading it again; not while it runs one.
  std::function<void(double lambda)> set_guidance;
};

// kInput at `place`, naming each field, where the world does not fit the card.
void RequireFit(const contract::AdaptationCard& card, const sim::WorldKind& kind, const std::string& place);

// `folder`: a checkpoint or a run. kInput, naming each field, where the world does not fit the policy's card.
PolicyActorChoice MakePolicyActor(const std::string& folder, const sim::WorldKind& kind,
                                  const PolicyActorOptions& options);

}  // namespace heddle::eval
