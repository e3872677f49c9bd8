// A policy that is served by any program that speaks the openpi protocol (heddle/wire/policy_client.h).
//
// It is sent, once a chunk,
//
//   observation/state, observation/environment_state, observation/tactile   float32
//   observation/images/NAME                                                 uint8 [height, width, 3]
//   prompt                                                                  the instruction
//   episode_seed, step                                                      so that its chance may be drawn from them
//
// and answers `actions`, [horizon, dims] or [dims], with at least as many rows as are executed. It is known by the text
// `checkpoint_hash` in its metadata, if there is one; `guidance`, `sampler`, `sampler_steps` and `acting` there go into
// the rows, too. Each episode side by side has a connection of its own; a
// connection that failed is made anew for the next episode.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "heddle/eval/actor.h"
#include "heddle/wire/policy_client.h"

namespace heddle::eval {

struct ServerActorOptions {
  wire::PolicyClientOptions client;
  int64_t actions_per_chunk = 8;  // executed of each answer
};

// Connects once, to tell at once if nobody is there: PolicyFailure.
std::unique_ptr<Actor> MakeServerActor(const std::string& url, const ServerActorOptions& options);

}  // namespace heddle::eval
