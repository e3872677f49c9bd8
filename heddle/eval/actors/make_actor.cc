#include "heddle/eval/actors/make_actor.h"

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/eval/actors/scripted.h"
#include "heddle/eval/actors/server_actor.h"

namespace heddle::eval {

ActorChoice MakeActor(const std::string& policy, const sim::WorldKind& kind, const ActorFlags& flags) {
  constexpr std::string_view kReplay = "replay:";
  if (!flags.strategy.empty() && policy != "expert")
    ThrowUsage("only the expert has strategies", "--strategy", "leave it out");
  if (flags.actions_per_chunk && !policy.starts_with("ws"))
    ThrowUsage("only a server answers with chunks", "--execute", "leave it out");
  if (policy == "expert") return {.actor = MakeExpertActor(kind, flags.strategy), .seeds = {}};
  if (policy == "random") return {.actor = MakeRandomActor(), .seeds = {}};
  if (policy.starts_with(kReplay)) {
    auto actor = MakeReplayActor(kind, policy.substr(kReplay.size()));
    std::vector<uint64_t> seeds = actor->Seeds();
    return {.actor = std::move(actor), .seeds = std::move(seeds)};
  }
  if (policy.starts_with("ws://") || policy.starts_with("wss://")) {
    ServerActorOptions options;
    options.client.timeout_s = flags.timeout_s;
    if (flags.actions_per_chunk) options.actions_per_chunk = *flags.actions_per_chunk;
    return {.actor = MakeServerActor(policy, options), .needs_cameras = true, .seeds = {}};
  }
  const std::vector<std::string> names = {"expert", "random", "replay:DATASET", "ws://HOST:PORT"};
  ThrowUsage("'" + policy + "' is no policy", "POLICY", SuggestName(policy, names));
}

}  // namespace heddle::eval
