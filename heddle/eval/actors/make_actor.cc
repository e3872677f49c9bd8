#include "heddle/eval/actors/make_actor.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/eval/actors/policy_actor.h"
#include "heddle/eval/actors/scripted.h"
#include "heddle/eval/actors/server_actor.h"

namespace heddle::eval {
namespace {

bool IsServer(const std::string& policy) { return policy.starts_with("ws://") || policy.starts_with("wss://"); }

bool IsFolder(const std::string& policy) {
  std::error_code ignored;
  return std::filesystem::is_directory(policy, ignored);
}

void RefuseFlagsOfOthers(const std::string& policy, const ActorFlags& flags) {
  if (!flags.strategy.empty() && policy != "expert")
    ThrowUsage("only the expert has strategies", "--strategy", "of a checkpoint say --act-as strategy=NAME");
  if (flags.actions_per_chunk && !IsServer(policy) && !IsFolder(policy))
    ThrowUsage("only a server or a checkpoint answers with chunks", "--execute", "leave it out");
  if ((flags.guidance || !flags.act_as.empty()) && !IsFolder(policy))
    ThrowUsage("only a checkpoint can be guided or told a label", flags.guidance ? "--guidance" : "--act-as",
               "leave it out");
}

ActorChoice ServerChoice(const std::string& url, const ActorFlags& flags) {
  ServerActorOptions options;
  options.client.timeout_s = flags.timeout_s;
  if (flags.actions_per_chunk) options.actions_per_chunk = *flags.actions_per_chunk;
  return {.actor = MakeServerActor(url, options), .needs_cameras = true, .seeds = {}};
}

ActorChoice CheckpointChoice(const std::string& folder, const sim::WorldKind& kind, const ActorFlags& flags) {
  PolicyActorOptions options{.actions_per_chunk = flags.actions_per_chunk, .changes = {.guidance = flags.guidance}};
  options.tells_decisions = flags.tells_decisions;
  for (const std::string& setting : flags.act_as) policy::AddActAs(setting, options.changes);
  PolicyActorChoice choice = MakePolicyActor(folder, kind, options);
  return {.actor = std::move(choice.actor),
          .cameras = choice.cameras,
          .seeds = {},
          .is_large = choice.is_large,
          .set_guidance = std::move(choice.set_guidance)};
}

}  // namespace

ActorChoice MakeActor(const std::string& policy, const sim::WorldKind& kind, const ActorFlags& flags) {
  constexpr std::string_view kReplay = "replay:";
  RefuseFlagsOfOthers(policy, flags);
  if (policy == "expert") return {.actor = MakeExpertActor(kind, flags.strategy), .seeds = {}};
  if (policy == "random") return {.actor = MakeRandomActor(), .seeds = {}};
  if (policy.starts_with(kReplay)) {
    auto actor = MakeReplayActor(kind, policy.substr(kReplay.size()));
    std::vector<uint64_t> seeds = actor->Seeds();
    return {.actor = std::move(actor), .seeds = std::move(seeds)};
  }
  if (IsServer(policy)) return ServerChoice(policy, flags);
  if (IsFolder(policy)) return CheckpointChoice(policy, kind, flags);
  const std::vector<std::string> names = {"expert", "random", "replay:DATASET", "ws://HOST:PORT",
                                          "the folder of a checkpoint or run"};
  ThrowUsage("'" + policy + "' is no policy", "POLICY", SuggestName(policy, names));
}

}  // namespace heddle::eval
