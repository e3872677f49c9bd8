// heddle eval: a policy in closed loop, as evidence.
#include <CLI/CLI.hpp>
#include <algorithm>
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
#include "heddle/eval/guidance_sweep.h"
#include "heddle/eval/summary.h"
#include "heddle/tensor/threads.h"

namespace heddle::cli {
namespace {

struct EvalFlags {
  std::string policy;
  WorldFlags world;
  CameraFlags cameras;
  eval::ActorFlags actor;
  std::string suite, sweep, out = "evidence";
  int64_t episodes = 50, videos = 0;
  std::optional<int64_t> first_seed;
  int threads = 0;
  bool same_policy = false, no_latents = false, json = false;
};

// Side by side, where a policy is asked for several at once.
constexpr int64_t kEpisodesAThread = 8;

eval::EvaluationPlan PlanOf(const EvalFlags& flags, const sim::WorldKind& kind, const eval::ActorChoice& choice) {
  eval::EvaluationPlan plan;
  // A value that is picked is tuned.
  plan.suite = !flags.suite.empty() ? flags.suite : flags.sweep.empty() ? "test" : "tuning";
  plan.seeds = choice.seeds;
  if (plan.seeds.empty() || flags.first_seed) {
    const auto usual = plan.suite == "tuning" ? eval::kFirstTuningSeed : eval::kFirstTestSeed;
    const auto first = flags.first_seed ? static_cast<uint64_t>(*flags.first_seed) : usual;
    plan.seeds.clear();
    for (int64_t i = 0; i < flags.episodes; ++i) plan.seeds.push_back(first + static_cast<uint64_t>(i));
  }
  plan.seeds.resize(std::min(plan.seeds.size(), static_cast<size_t>(flags.episodes)));
  plan.videos = flags.videos;
  plan.same_policy = flags.same_policy;
  plan.rollout.episodes_a_thread = choice.actor->batch_size() > 1 ? kEpisodesAThread : 1;
  if (choice.cameras) {
    if (!flags.cameras.cameras.empty())
      ThrowUsage("this policy looks through the cameras of its card", "--cameras", "leave it out");
    plan.rollout.cameras = *choice.cameras;
    return plan;
  }
  plan.rollout.cameras = flags.cameras.Plan(choice.needs_cameras ? kind.DefaultCameras() : std::vector<std::string>{});
  return plan;
}

eval::SweepPlan SweepOf(const EvalFlags& flags, const eval::ActorChoice& choice) {
  if (flags.sweep.empty()) return {};
  eval::SweepPlan sweep{.lambdas = eval::ReadGuidanceSweep(flags.sweep), .set_guidance = choice.set_guidance};
  if (!sweep.set_guidance)
    ThrowUsage("only a checkpoint can be guided", "--sweep", "give the folder of one, or of a run");
  if (flags.actor.guidance) ThrowUsage("the sweep says which values are tried", "--guidance", "leave it out");
  for (const double lambda : sweep.lambdas) sweep.set_guidance(lambda);  // refused at once where there is no label
  return sweep;
}

int Run(const EvalFlags& flags, const Console& console) {
  const sim::WorldKind kind = sim::WorldKind::Of(flags.world.Spec());
  eval::ActorFlags actor = flags.actor;
  actor.tells_decisions = !flags.no_latents && flags.sweep.empty();
  const eval::ActorChoice choice = eval::MakeActor(flags.policy, kind, actor);
  const eval::EvaluationPlan plan = PlanOf(flags, kind, choice);
  const eval::SweepPlan sweep_plan = SweepOf(flags, choice);
  const ThreadBudget budget = flags.threads > 0 ? ThreadBudget(flags.threads) : ThreadBudget::OfMachine();
  tensor::SetTensorThreads(choice.is_large ? budget : ThreadBudget(1));
  const size_t times = std::max<size_t>(1, sweep_plan.lambdas.size());
  Progress progress("running episodes", static_cast<int64_t>(plan.seeds.size() * times), SteadyClock(), console.err,
                    DetectProgressStyle());
  StopFlag stop;
  const InterruptScope interrupt(stop);
  int64_t successes = 0, done = 0;
  const auto episode_done = [&](const contract::EvidenceRow& row) {
    successes += row.outcome.success_end ? 1 : 0;
    progress.Note(std::to_string(successes) + " of " + std::to_string(++done) + " succeeded");
    progress.Advance();
  };
  if (!sweep_plan.lambdas.empty()) {
    const auto sweep =
        eval::SweepGuidance(kind, *choice.actor, sweep_plan, plan, flags.out, budget, stop, episode_done);
    progress.Finish();
    console.out << (flags.json ? DumpJson(eval::SweepJson(sweep, flags.out), 2) + "\n"
                               : eval::SweepText(sweep, kind, flags.policy, flags.out));
    return sweep.stopped ? 128 + interrupt.signal() : kExitDone;
  }
  const auto outcome = eval::Evaluate(kind, *choice.actor, plan, flags.out, budget, stop, episode_done);
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
  app.add_option("--suite", flags->suite,
                 "test (default; of a sweep tuning), tuning, or a name of your own: which list of beginnings")
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
  app.add_option("--sweep", flags->sweep,
                 "guidance=-1,-0.5,0,0.5: a checkpoint by each of these lambdas on the same episodes")
      ->type_name("guidance=X,...");
  app.add_option("--act-as", flags->actor.act_as,
                 "label that a checkpoint is told, in place of its card's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--same-policy", flags->same_policy, "the server is the one whose rows are there: go on with them");
  app.add_flag("--no-latents", flags->no_latents,
               "of a checkpoint: leave out the latents of each decision (latents/ in --out)");
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
          .reads = "a policy: run, expert, random, recording, server",
          .leaves = "evidence.jsonl, a row an episode; latents, videos",
          .about =
              "Runs a policy in a task under a gap, many episodes side by side, from the same beginnings for every "
              "policy. Each episode leaves a row with its outcome and why it failed; what is there already is not run "
              "again.",
          .example =
              "heddle eval expert nut_assembly --gap physics --episodes 100 --out evidence\n  heddle eval "
              "ws://127.0.0.1:8000 nut_assembly --cameras agentview --episodes 20 --videos 3\n  "
              "heddle eval runs/first nut_assembly --sweep guidance=-1,-0.5,0,0.5 --out sweeps/first",
          .add = Add};
}

}  // namespace heddle::cli
