// heddle sweep: searching one option of a run, w above all.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/sim_flags.h"
#include "apps/heddle/verb.h"
#include "apps/heddle/version_info.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/eval/actors/make_actor.h"
#include "heddle/eval/evaluation.h"
#include "heddle/train/sweep.h"
#include "heddle/train/sweep_text.h"

namespace heddle::cli {
namespace {

struct SweepFlags {
  std::string file, method, out, over = "w=auto";
  std::vector<std::string> settings;
  double budget = 2.5;
  WorldFlags world;
  int64_t episodes = 50;
  int threads = 0;
  bool print_commands = false, json = false;
};

std::optional<double> SuccessOf(const SweepFlags& flags, const std::filesystem::path& run, const ThreadBudget& budget,
                                const StopFlag& stop) {
  const sim::WorldKind kind = sim::WorldKind::Of(flags.world.Spec());
  const eval::ActorChoice choice = eval::MakeActor(run.string(), kind, {});
  eval::EvaluationPlan plan;
  plan.suite = "tuning";
  for (int64_t i = 0; i < flags.episodes; ++i) plan.seeds.push_back(eval::kFirstTuningSeed + static_cast<uint64_t>(i));
  if (choice.cameras) plan.rollout.cameras = *choice.cameras;
  const auto outcome = eval::Evaluate(kind, *choice.actor, plan, run, budget, stop, [](const auto&) {});
  if (outcome.stopped) return std::nullopt;
  double successes = 0;
  for (const contract::EvidenceRow& row : outcome.rows) successes += row.outcome.success_end ? 1 : 0;
  return successes / static_cast<double>(outcome.rows.size());
}

// Before hours of training, not behind them.
void CheckWorld(const SweepFlags& flags) {
  if (!flags.world.task.empty()) {
    sim::WorldKind::Of(flags.world.Spec());
  } else if (flags.world.gap != "none") {
    ThrowUsage("--gap is of a task, and none is named", "sweep", "add --task");
  }
}

int Run(const SweepFlags& flags, const Console& console) {
  const ThreadBudget budget = flags.threads > 0 ? ThreadBudget(flags.threads) : ThreadBudget::OfMachine();
  train::SweepPlan plan;
  plan.folder = flags.out.empty() ? "runs/" + std::filesystem::path(flags.file).stem().string() + "-sweep" : flags.out;
  plan.method = flags.method;
  plan.settings = flags.settings;
  CheckWorld(flags);
  plan.over = train::ParseOver(flags.over, train::ReadRun(flags.file, flags.method, flags.settings),
                               train::CandidatesFor(flags.budget));
  for (const std::string& setting : flags.settings) {
    if (setting.starts_with(plan.over.key + "="))
      ThrowUsage("this is what is searched", "--set " + setting, "leave it out, or name it among the values of --over");
  }
  if (flags.print_commands) {
    for (const std::string& command : train::SweepCommands(flags.file, plan)) console.out << command << "\n";
    return kExitDone;
  }
  StopFlag stop;
  const InterruptScope interrupt(stop);
  plan.told = [&](const std::string& line) { console.err << line << "\n"; };
  if (!flags.world.task.empty())
    plan.evaluate = [&](const std::filesystem::path& run) { return SuccessOf(flags, run, budget, stop); };
  const train::SweepOutcome outcome = train::Sweep(flags.file, plan, budget, ThisVersion().commit, stop);
  console.out << (flags.json ? DumpJson(train::SweepJson(outcome, plan.over), 2) + "\n"
                             : train::SweepText(outcome, plan.over));
  return outcome.best ? kExitDone : 128 + interrupt.signal();
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<SweepFlags>();
  app.add_option("FILE", flags->file, "a run (run.yaml), or a mixture sheet alone")->required();
  app.add_option("--over", flags->over, "w=auto: the guideline's range; or KEY=A,B,C")
      ->type_name("KEY=VALUES")
      ->capture_default_str();
  app.add_option("--budget", flags->budget, "in whole trainings: 2.25 tries 3 values of w=auto, 2.5 tries 4, 3 tries 5")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--method", flags->method, "as heddle train has it")->type_name("NAME");
  app.add_option("--set", flags->settings, "an option of the run; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--task", flags->world.task, "the last word has success in this task, on the tuning episodes");
  app.add_option("--gap", flags->world.gap, "of that task")->type_name("GAP");
  app.add_option("--episodes", flags->episodes, "of each that came to the end")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--out", flags->out, "folder of all runs; a search that is there goes on (runs/NAME-sweep)")
      ->type_name("DIR");
  app.add_flag("--print-commands", flags->print_commands,
               "runs nothing: prints a training command for each value, for a Slurm array say");
  app.add_option("--threads", flags->threads, "default: all cores")->type_name("N")->check(CLI::Range(1, 4096));
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb SweepVerb() {
  return {.name = "sweep",
          .group = VerbGroup::kTraining,
          .reads = "a run or a mixture sheet, and its datasets",
          .leaves = "a folder of runs; sweep.json: what was tried, the best",
          .about =
              "Tries three to five values inside the guideline's range: all train a quarter of the way, the better "
              "half, told by held-out target actions, goes on. Stopped, the same command goes on.",
          .example =
              "heddle sweep run.yaml --over w=auto --task nut_assembly --gap perception+physics\n  heddle sweep "
              "mixture.yaml --method cfg --over policy.trunk.width=128,256,512",
          .add = Add};
}

}  // namespace heddle::cli
