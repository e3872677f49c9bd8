// heddle sim record: demonstrations of a scripted expert as a LeRobot dataset.
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
#include "heddle/sim/record.h"

namespace heddle::cli {
namespace {

struct RecordFlags {
  WorldFlags world;
  CameraFlags cameras;
  std::vector<std::string> strategies;
  std::string domain, out;
  int64_t demos = 50, first_seed = 0;
  int threads = 0;
  bool pictures_only = false, json = false;
};

sim::RecordPlan PlanOf(const RecordFlags& flags) {
  sim::RecordPlan plan;
  plan.world = flags.world.Spec();
  plan.strategies = flags.strategies;
  plan.demos = flags.demos;
  plan.first_seed = static_cast<uint64_t>(flags.first_seed);
  plan.frames.pictures_only = flags.pictures_only;
  const sim::WorldKind kind = sim::WorldKind::Of(plan.world);
  plan.domain = flags.domain.empty() ? kind.gap.name : flags.domain;
  plan.frames.cameras = flags.cameras.Plan(kind.DefaultCameras());
  if (flags.strategies == std::vector<std::string>{"all"}) plan.strategies = kind.task->facts().strategies;
  return plan;
}

int Run(const RecordFlags& flags, const Console& console) {
  const sim::RecordPlan plan = PlanOf(flags);
  const ThreadBudget budget = flags.threads > 0 ? ThreadBudget(flags.threads) : ThreadBudget::OfMachine();
  Progress progress("recording demonstrations", plan.demos, SteadyClock(), console.err, DetectProgressStyle());
  StopFlag stop;
  const InterruptScope interrupt(stop);
  const auto outcome = sim::RecordDemonstrations(plan, flags.out, budget, stop, [&](const std::string& note) {
    if (!note.empty()) progress.Note(note);
    progress.Advance();
  });
  progress.Finish();
  if (flags.json) {
    console.out << DumpJson({{"dataset", flags.out},
                             {"episodes", outcome.episodes},
                             {"frames", outcome.frames},
                             {"attempts", outcome.attempts},
                             {"stopped", outcome.stopped}},
                            2)
                << "\n";
  } else {
    console.out << flags.out << ": " << Counted(outcome.episodes, "episode") << ", " << Counted(outcome.frames, "frame")
                << ", from " << Counted(outcome.attempts, "attempt")
                << (outcome.stopped ? "; stopped, and the same command goes on" : "") << "\n";
  }
  return outcome.stopped ? 128 + interrupt.signal() : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<RecordFlags>();
  flags->world.AddTo(app);
  flags->cameras.AddTo(app);
  app.add_option("--strategy", flags->strategies, "of the expert: one, several in turn, or all")
      ->type_name("LIST")
      ->delimiter(',');
  app.add_option("--domain", flags->domain, "label of the dataset; default: the gap's name")->type_name("NAME");
  app.add_option("--demos", flags->demos, "episodes to record")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", flags->first_seed, "the first episode seed")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 53));
  app.add_flag("--pictures-only", flags->pictures_only, "neither states nor actions: video as of a person's hands");
  app.add_option("--out", flags->out, "the dataset's folder; it goes on with one that it had begun")
      ->required()
      ->type_name("DIR");
  app.add_option("--threads", flags->threads, "default: all cores")->type_name("N")->check(CLI::Range(1, 4096));
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb SimRecordVerb() {
  return {
      .name = "sim record",
      .group = VerbGroup::kSim,
      .reads = "nothing",
      .leaves = "a LeRobot v3.0 dataset of an expert's demonstrations, with labels",
      .about =
          "Records demonstrations of a scripted expert in simulation: states, objects, touch, pictures, actions, with "
          "labels for domain, gap, strategy and stages. Attempts that fail are counted and left out. Stopped or "
          "killed, the same command goes on, to the same bytes.",
      .example =
          "heddle sim record nut_assembly --demos 50 --out sets/sim\n  heddle sim record nut_assembly --gap "
          "visual+physics:0.5 --strategy all --domain real --demos 50 --seed 100000 --out sets/target",
      .add = Add};
}

}  // namespace heddle::cli
