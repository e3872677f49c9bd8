// Actors that need no training: the task's expert, chance, and a recording.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "heddle/eval/actor.h"
#include "heddle/sim/world_spec.h"

namespace heddle::eval {

// The task's expert, in a strategy (its default if empty). It acts on the truth, whatever is perceived.
std::unique_ptr<Actor> MakeExpertActor(const sim::WorldKind& kind, const std::string& strategy);

// Moves by chance, as far as one action may, from where the hand is.
std::unique_ptr<Actor> MakeRandomActor();

class ReplayActor : public Actor {
 public:
  // The episode seeds that the dataset has, in the order of its episodes.
  virtual std::vector<uint64_t> Seeds() const = 0;
};

// The recorded actions of the dataset's episode whose label `seed` is the episode's seed; idle once they are used up.
// Usage error for a dataset without such labels or without actions of this world's kind. An episode of a seed that the
// dataset has not fails with "no-recording".
std::unique_ptr<ReplayActor> MakeReplayActor(const sim::WorldKind& kind, const std::string& dataset);

}  // namespace heddle::eval
