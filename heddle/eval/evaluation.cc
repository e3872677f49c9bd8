#include "heddle/eval/evaluation.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"
#include "heddle/eval/episode_video.h"

namespace heddle::eval {
namespace {

using Json = nlohmann::ordered_json;

std::string HashOf(const Json& json) { return Sha256Hex(CanonicalJson(json)); }

std::string ObservationHash(const sim::World& world, const sim::CameraPlan& cameras) {
  return HashOf({{"state", world.embodiment().facts().state_names},
                 {"environment", sim::EnvironmentNames(world.task().Objects())},
                 {"tactile", sim::TactileNames(world.embodiment().facts())},
                 {"cameras", cameras.cameras},
                 {"size", {cameras.width, cameras.height}},
                 {"instruction", world.task().instruction()}});
}

std::string ActionHash(const sim::ActionSpace& actions) {
  return HashOf({{"representation", actions.representation},
                 {"names", actions.names},
                 {"low", actions.low},
                 {"high", actions.high}});
}

bool IsPolicysOwn(const std::string& failure) { return contract::IsUnanswered(failure) || failure == kBadAction; }

// One evaluation on its way. Called by one thread at a time.
class Evidence {
 public:
  Evidence(const sim::WorldKind& kind, const Actor& actor, const EvaluationPlan& plan, std::filesystem::path folder)
      : kind_(kind),
        plan_(plan),
        folder_(std::move(folder)),
        setup_(SetupOf(kind, actor, plan)),
        policy_(actor.identity()),
        log_(contract::EvidencePath(MadeFolder(folder_))) {
    const std::string setup = contract::SetupHash(setup_), policy = contract::PolicyHash(policy_);
    contract::ForEachEvidenceRow(folder_, [&](contract::EvidenceRow row, int64_t) {
      if (contract::SetupHash(row.setup) == setup && contract::PolicyHash(row.policy) == policy) Keep(std::move(row));
    });
    if (!rows_.empty() && policy_.kind == "server" && policy_.checkpoint_hash.empty() && !plan.same_policy) {
      ThrowUsage("holds rows of a policy served at this address, and whether it is the same can't be told",
                 folder_.string(),
                 "name another folder with --out, or say --same-policy; a server whose metadata has 'checkpoint_hash' "
                 "is known by it");
    }
  }

  std::vector<uint64_t> Missing() const {
    std::vector<uint64_t> missing;
    for (const uint64_t seed : plan_.seeds) {
      const auto row = rows_.find(seed);
      if (row == rows_.end() || contract::IsUnanswered(row->second.outcome.failure)) missing.push_back(seed);
    }
    return missing;
  }

  const contract::EvidenceRow& Take(EpisodeResult result) {
    const bool failed = !result.success_end;
    const bool shown = failed && num_videos_ < plan_.videos && !result.actions.empty();
    contract::EvidenceRow row = {.setup = setup_, .policy = policy_, .outcome = OutcomeOf(result)};
    if (shown) row.outcome.video = VideoOf(result.seed);
    if (!result.decisions.empty()) KeepDecisions(result);
    log_.Append(row);
    CountProblems(result);
    if (shown) Film(result);
    if (!failed && static_cast<int64_t>(successes_.size()) < plan_.videos) successes_.push_back(std::move(result));
    return Keep(std::move(row));
  }

  // What of the videos the failures left, goes to successes.
  void FilmSuccesses() {
    for (const EpisodeResult& result : successes_) {
      if (num_videos_ >= plan_.videos) return;
      Film(result);
    }
  }

  EvaluationOutcome Outcome() const {
    EvaluationOutcome outcome{.rows = {}, .already = 0, .problems = problems_, .stopped = false};
    for (const uint64_t seed : std::set<uint64_t>(plan_.seeds.begin(), plan_.seeds.end())) {
      const auto row = rows_.find(seed);
      if (row != rows_.end()) outcome.rows.push_back(row->second);
    }
    return outcome;
  }

 private:
  // An answered row takes the place of one that was not.
  const contract::EvidenceRow& Keep(contract::EvidenceRow row) {
    return rows_[static_cast<uint64_t>(row.outcome.episode_seed)] = std::move(row);
  }

  static const std::filesystem::path& MadeFolder(const std::filesystem::path& folder) {
    RequireWritableFolder(folder);
    return folder;
  }

  static contract::EvidenceOutcome OutcomeOf(const EpisodeResult& result) {
    return {.success_any = result.success_any,
            .success_end = result.success_end,
            .episode_seed = static_cast<int64_t>(result.seed),
            .failure = result.failure,
            .steps = result.steps,
            .value = {},
            .video = {},
            .wall_s = result.wall_s};
  }

  // Of this set-up and policy alone: another strategy or gap file must not take its place.
  std::string OwnName() const {
    const std::string own = Sha256Hex(contract::SetupHash(setup_) + contract::PolicyHash(policy_)).substr(0, 8);
    return policy_.kind + "-" + kind_.gap.name + "-" + own;
  }
  std::string VideoOf(uint64_t seed) const { return "videos/" + OwnName() + "-" + std::to_string(seed) + ".mp4"; }

  void KeepDecisions(const EpisodeResult& result) {
    const std::filesystem::path folder = folder_ / "latents" / OwnName();
    RequireWritableFolder(folder);
    WriteDecisions(folder / (std::to_string(result.seed) + ".safetensors"), result.decisions,
                   static_cast<int64_t>(result.seed), result.success_end,
                   {{"setup_hash", contract::SetupHash(setup_)}, {"policy_hash", contract::PolicyHash(policy_)}});
  }

  void Film(const EpisodeResult& result) {
    ++num_videos_;
    FilmEpisode(kind_, result, policy_.name, folder_ / VideoOf(result.seed));
  }

  void CountProblems(const EpisodeResult& result) {
    if (!IsPolicysOwn(result.failure)) {
      on_end_ = 0;
      return;
    }
    constexpr size_t kMostProblems = 20;
    if (problems_.size() < kMostProblems)
      problems_.push_back("episode seed " + std::to_string(result.seed) + ": " + result.failure + ": " +
                          result.details);
    if (++on_end_ < plan_.give_up_after) return;
    ThrowInput("failed in " + Counted(on_end_, "episode") + " on end; the last time: " + result.details, policy_.name,
               "mend the policy; the rows so far are kept in " + folder_.string());
  }

  const sim::WorldKind& kind_;
  const EvaluationPlan& plan_;
  std::filesystem::path folder_;
  contract::EvidenceSetup setup_;
  contract::EvidencePolicy policy_;
  contract::EvidenceLog log_;
  std::map<uint64_t, contract::EvidenceRow> rows_;
  std::vector<EpisodeResult> successes_;
  std::vector<std::string> problems_;
  int64_t num_videos_ = 0, on_end_ = 0;
};

// Before the episodes, so that none is lost to a film that can't be made.
void RequireRendering() {
  const sim::RenderingSupport& support = sim::LookAtRendering();
  if (!support.available) ThrowUsage("videos can't be made here: " + support.lack, "--videos", support.mend);
}

}  // namespace

contract::EvidenceSetup SetupOf(const sim::WorldKind& kind, const Actor& actor, const EvaluationPlan& plan) {
  const sim::World world = kind.NewWorld();
  const sim::TaskFacts facts = kind.task->facts();
  contract::EvidenceSetup setup;
  setup.task = facts.name;
  setup.task_options = kind.TaskOptions();
  setup.gap = {.text = kind.gap.name, .hash = sim::GapHash(kind.gap.gap), .resolved = sim::GapJson(kind.gap.gap)};
  setup.suite = plan.suite;
  setup.embodiment = world.embodiment().facts().name;
  setup.observation_contract_hash = ObservationHash(world, plan.rollout.cameras);
  setup.action_contract_hash = ActionHash(world.actions());
  setup.horizon = facts.horizon;
  setup.actions_per_chunk = actor.actions_per_chunk();
  setup.control_hz = facts.control_hz;
  setup.simulator = sim::SimulatorVersion();
  if (!plan.rollout.cameras.cameras.empty()) setup.renderer = sim::Describe(sim::LookAtRendering().facts);
  return setup;
}

EvaluationOutcome Evaluate(const sim::WorldKind& kind, Actor& actor, const EvaluationPlan& plan,
                           const std::filesystem::path& folder, const ThreadBudget& budget, const StopFlag& stop,
                           const std::function<void(const contract::EvidenceRow& row)>& episode_done) {
  if (plan.seeds.empty()) ThrowUsage("there are no episodes to run", "--episodes", "give at least 1");
  if (plan.videos > 0) RequireRendering();
  Evidence evidence(kind, actor, plan, folder);
  const std::vector<uint64_t> missing = evidence.Missing();
  for (const contract::EvidenceRow& row : evidence.Outcome().rows) {
    if (!contract::IsUnanswered(row.outcome.failure)) episode_done(row);
  }
  bool whole = true;
  if (!missing.empty()) {
    whole = RunEpisodes(
        kind, actor, missing, plan.rollout, budget,
        [&](EpisodeResult result) { episode_done(evidence.Take(std::move(result))); }, &stop);
  }
  if (whole) evidence.FilmSuccesses();
  EvaluationOutcome outcome = evidence.Outcome();
  outcome.already = static_cast<int64_t>(plan.seeds.size() - missing.size());
  outcome.stopped = !whole;
  return outcome;
}

}  // namespace heddle::eval
