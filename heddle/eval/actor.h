// Whoever acts in an episode: an expert, chance, a recording, a server, a trained policy. The rollout knows nothing
// else of them.
//
// An actor may be asked for several episodes side by side. Whatever chance it uses is drawn from streams of the
// episode's seed and step, so that an episode comes out the same alone and among others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "heddle/contract/evidence_row.h"
#include "heddle/eval/decided_chunk.h"
#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world.h"

namespace heddle::eval {

// An episode at the moment at which actions are needed.
struct ActRequest {
  int64_t slot;  // which of the episodes side by side: 0 .. slots - 1
  const sim::World* world;
  const sim::CameraRig* rig;
};

struct ActReply {
  // The chunk: at least one action of the world's action space, to be executed one after the other.
  std::vector<std::vector<double>> actions;
  // Why there is none: "policy-timeout", ... The episode ends with this label.
  std::string failure;
  std::string details;                        // of the failure, for people
  std::optional<DecidedChunk> decision = {};  // of a trained policy that is to tell its thoughts
};

class Actor {
 public:
  virtual ~Actor() = default;

  // What evidence rows say of it.
  virtual contract::EvidencePolicy identity() const = 0;
  // Actions of a chunk that are executed before it is asked again.
  virtual int64_t actions_per_chunk() const = 0;
  // 0: it is asked for one episode at a time, by several threads at once, each slot by one thread. 1: for one episode,
  // by one thread at a time. Above 1: by one thread at a time, always for exactly so many, the rest being repetitions
  // of the last request (whose replies are dropped): batches of a fixed shape give each row the same numbers whatever
  // stands beside it.
  virtual int64_t batch_size() const { return 0; }

  // An episode begins in this slot: the world has been reset. A failure ends it at once.
  virtual void Begin(const ActRequest& request) = 0;
  // One reply a request. Must not throw for what an episode can bring about.
  virtual void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) = 0;
};

}  // namespace heddle::eval
