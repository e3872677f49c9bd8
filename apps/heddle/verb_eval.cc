// heddle eval: a policy in closed loop, as evidence.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/sim_flags.h"
#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/progress.h"
#include "heddle/core/text.h"
#include "heddle/eval/actors/make_actor.h"
#include "heddle/eval/evaluation.h"
#include "heddle/eval/summary.h"

namespace heddle::cli {
namespace {

struct EvalFlags {
  std::string policy;
  WorldFlags world;
  CameraFlags cameras;
  eval::ActorFlags actor;
  std::string suite = "test", out = "evidence";
  int64_t episodes = 50, videos = 0;
  std::optional<int64_t> first_seed;
  int threads = 0;
  bool same_policy = false, json = false;
};

// Side by side, where a policy is asked for several at once.
constexpr int64_t kEpisodesAThread = 8;

eval::EvaluationPlan PlanOf(const EvalFlags& flags, const sim::WorldKind& kind, const eval::ActorChoice& choice) {
  eval::EvaluationPlan plan;
  plan.suite = flags.suite;
  plan.seeds = choice.seeds;
  if (plan.seeds.empty() || flags.first_seed) {
    const auto usual = flags.suite == "tuning" ? eval::kFirstTuningSeed : eval::kFirstTestSeed;
    const auto first = flags.first_seed ? static_cast<uint64_t>(*flags.first_seed) : usual;
    plan.seeds.clear();
    for (int64_t i = 0; i < flags.episodes; ++i) plan.seeds.push_back(first + static_cast<uint64_t>(i));
  }
  plan.seeds.resize(std::min(plan.seeds.size(), static_cast<size_t>(flags.episodes)));
  plan.videos = flags.videos;
  plan.same_policy = flags.same_policy;
  plan.rollout.episodes_a_thread = choice.actor->batch_size() > 0 ? kEpisodesAThread : 1;
  if (choice.cameras) {
    if (!flags.cameras.cameras.empty())
      ThrowUsage("this policy looks through the cameras of its card", "--cameras", "leave it out");
    plan.rollout.cameras = *choice.cameras;
    return plan;
  }
  plan.rollout.cameras = flags.cameras.Plan(choice.needs_cameras ? kind.DefaultCameras() : std::vector<std::string>{});
  return plan;
}

int Run(const EvalFlags& flags, const Console& console) {
  const sim::WorldKind kind = sim::WorldKind::Of(flags.world.Spec());
  const eval::ActorChoice choice = eval::MakeActor(flags.policy, kind, flags.actor);
  const eval::EvaluationPlan plan = PlanOf(flags, kind, choice);
  const ThreadBudget budget = flags.threads > 0 ? ThreadBudget(flags.threads) : ThreadBudget::OfMachine();
  Progress progress("running episodes", static_cast<int64_t>(plan.seeds.size()), SteadyClock(), console.err,
                    DetectProgressStyle());
  StopFlag stop;
  const InterruptScope interrupt(stop);
  int64_t successes = 0, done = 0;
  const auto outcome =
      eval::Evaluate(kind, *choice.actor, plan, flags.out, budget, stop, [&](const contract::EvidenceRow& row) {
        successes += row.outcome.success_end ? 1 : 0;
        progress.Note(std::to_string(successes) + " of " + std::to_string(++done) + " succeeded");
        progress.Advance();
      });
  progress.Finish();
  console.out << (flags.json ? DumpJson(eval::SummaryJson(outcome, flags.out), 2) + "\n"
                             : eval::SummaryText(outcome, kind, flags.out));
  return outcome.stopped ? 128 + interrupt.signal() : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<EvalFlags>();
  app.add_option("POLICY", flags->policy,
                 "the folder of a checkpoint or run, expert, random, replay:DATASET, or ws://HOST:PORT")
      ->required();
  flags->world.AddTo(app);
  flags->cameras.AddTo(app);
  app.add_option("--episodes", flags->episodes, "how many")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--suite", flags->suite, "test (default), tuning, or a name of your own: which list of beginnings")
      ->type_name("NAME");
  app.add_option("--seed", flags->first_seed, "the first episode seed; default: the suite's")
      ->type_name("N")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 53));
  app.add_option("--strategy", flags->actor.strategy, "of the expert")->type_name("NAME");
  app.add_option("--execute", flags->actor.actions_per_chunk,
                 "actions executed of each chunk; default: the card's, of a server 8")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  app.add_option("--timeout", flags->actor.timeout_s, "for each answer of a server")
      ->capture_default_str()
      ->type_name("SECONDS")
      ->check(CLI::Range(0.01, 3600.0));
  app.add_option("--guidance", flags->actor.guidance, "lambda, of a checkpoint; default: its card's")
      ->type_name("X")
      ->check(CLI::Range(-10.0, 10.0));
  app.add_option("--act-as", flags->actor.act_as,
                 "label that a checkpoint is told, in place of its card's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--same-policy", flags->same_policy, "the server is the one whose rows are there: go on with them");
  app.add_option("--videos", flags->videos, "films of so many episodes, failures first")
      ->type_name("N")
      ->check(CLI::Range(0, 10'000));
  app.add_option("--out", flags->out, "folder of evidence.jsonl and videos/; what it has is not run again")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--threads", flags->threads, "default: all cores")->type_name("N")->check(CLI::Range(1, 4096));
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb EvalVerb() {
  return {.name = "eval",
          .group = VerbGroup::kEvidence,
          .reads = "a policy: a run, expert, random, a recording, a server",
          .leaves = "evidence.jsonl, a row an episode; videos",
          .about =
              "Runs a policy in a task under a gap, many episodes side by side, from the same beginnings for every "
              "policy. Each episode leaves a row with its outcome and why it failed; what is there already is not run "
              "again.",
          .example =
              "heddle eval expert nut_assembly --gap physics --episodes 100 --out evidence\n  heddle eval "
              "ws://127.0.0.1:8000 nut_assembly --cameras agentview --episodes 20 --videos 3",
          .add = Add};
}

}  // namespace heddle::cli
