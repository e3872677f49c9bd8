// heddle sweep: searching one option of a run, w above all.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/heddle/sim_flags.h"
#include "apps/heddle/verb.h"
#include "apps/heddle/version_info.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/progress.h"
#include "heddle/core/text.h"
#include "heddle/eval/actors/make_actor.h"
#include "heddle/eval/actors/policy_actor.h"
#include "heddle/eval/evaluation.h"
#include "heddle/tensor/threads.h"
#include "heddle/train/setup.h"
#include "heddle/train/sweep.h"
#include "heddle/train/sweep_text.h"

namespace heddle::cli {
namespace {

struct SweepFlags {
  std::string file, method, out, over = "w=auto", suite = "tuning";
  std::vector<std::string> settings;
  double budget = 2.5;
  WorldFlags world;
  std::optional<int64_t> execute;
  int64_t episodes = 50;
  int threads = 0;
  bool print_commands = false, json = false;

  bool has_task() const { return !world.task.empty(); }
};

// One bar at a time: of a candidate's steps to a rung's end, or of its episodes.
class Bars {
 public:
  explicit Bars(std::ostream& out) : out_(out) {}

  void Tell(const std::string& line) {
    End();
    out_ << line << "\n";
  }
  void Show(const train::SweepProgress& progress) {
    const std::string title = progress.name + ", " + std::to_string(progress.place) + " of " +
                              std::to_string(progress.of) + ", to step " + std::to_string(progress.until);
    if (Begin(title, progress.until)) bar_->BeginAt(progress.step - 1);
    bar_->Note("loss " + train::ShortNumber(progress.loss));
    bar_->Advance();
  }
  void ShowEpisode(const std::string& title, int64_t episodes, const std::string& note) {
    Begin(title, episodes);
    bar_->Note(note);
    bar_->Advance();
  }
  void End() {
    if (bar_) bar_->Finish();
    bar_.reset();
    title_.clear();
  }

 private:
  bool Begin(const std::string& title, int64_t total) {
    if (title == title_) return false;
    End();
    title_ = title;
    bar_ = std::make_unique<Progress>(title, total, SteadyClock(), out_, DetectProgressStyle());
    return true;
  }

  std::ostream& out_;
  std::string title_;
  std::unique_ptr<Progress> bar_;
};

std::optional<double> SuccessOf(const SweepFlags& flags, const std::filesystem::path& run, const ThreadBudget& budget,
                                const StopFlag& stop, Bars& bars) {
  // Side by side, as heddle eval has it where a policy is asked for several at once.
  constexpr int64_t kEpisodesAThread = 8;
  const sim::WorldKind kind = sim::WorldKind::Of(flags.world.Spec());
  const eval::ActorChoice choice = eval::MakeActor(run.string(), kind, {.actions_per_chunk = flags.execute});
  eval::EvaluationPlan plan;
  plan.suite = flags.suite;
  const uint64_t first = flags.suite == "tuning" ? eval::kFirstTuningSeed : eval::kFirstTestSeed;
  for (int64_t i = 0; i < flags.episodes; ++i) plan.seeds.push_back(first + static_cast<uint64_t>(i));
  plan.rollout.episodes_a_thread = choice.actor->batch_size() > 0 ? kEpisodesAThread : 1;
  if (choice.cameras) plan.rollout.cameras = *choice.cameras;
  tensor::SetTensorThreads(choice.is_large ? budget : ThreadBudget(1));
  double successes = 0;
  const auto episode_done = [&](const contract::EvidenceRow& row) {
    successes += row.outcome.success_end ? 1 : 0;
    bars.ShowEpisode(run.filename().string() + " in " + flags.world.task, flags.episodes,
                     train::ShortNumber(successes) + " succeeded");
  };
  const auto outcome = eval::Evaluate(kind, *choice.actor, plan, run, budget, stop, episode_done);
  if (outcome.stopped) return std::nullopt;
  successes = 0;  // with those of before
  for (const contract::EvidenceRow& row : outcome.rows) successes += row.outcome.success_end ? 1 : 0;
  const double success = successes / static_cast<double>(outcome.rows.size());
  bars.Tell(run.filename().string() + ": success " + train::ShortNumber(success) + " in " +
            Counted(static_cast<int64_t>(outcome.rows.size()), "episode"));
  return success;
}

sim::WorldKind WorldOf(const SweepFlags& flags) {
  try {
    return sim::WorldKind::Of(flags.world.Spec());
  } catch (const Error& error) {
    const std::string flag = "--set ";  // as the verbs have it whose only options are a task's
    if (!error.where().starts_with(flag)) throw;
    throw Error(error.kind(), error.message(), "--task-option " + error.where().substr(flag.size()), error.mend());
  }
}

// Before hours of training, not behind them.
void CheckWorld(const SweepFlags& flags, const train::RunFile& run) {
  if (flags.has_task()) {
    WorldOf(flags);
    if (flags.execute && *flags.execute > run.options.data.action_steps)
      ThrowUsage("a chunk of this run has " + std::to_string(run.options.data.action_steps) + " actions", "--execute",
                 "give at most as many");
    return;
  }
  const std::pair<const char*, bool> of_task[] = {{"--gap", flags.world.gap != "none"},
                                                  {"--task-option", !flags.world.settings.empty()},
                                                  {"--actions", !flags.world.actions.empty()},
                                                  {"--execute", flags.execute.has_value()},
                                                  {"--suite", flags.suite != "tuning"}};
  for (const auto& [flag, is_given] : of_task) {
    if (is_given) ThrowUsage(std::string(flag) + " is of a task, and none is named", "sweep", "add --task");
  }
}

train::SweepSpec SpecOf(const SweepFlags& flags) {
  train::SweepSpec spec{.file = flags.file, .folder = flags.out, .method = flags.method, .settings = flags.settings};
  if (flags.out.empty()) spec.folder = "runs/" + spec.file.stem().string() + "-sweep";
  const train::RunFile run = train::ReadRun(flags.file, flags.method, flags.settings);
  CheckWorld(flags, run);
  spec.over = train::ParseOver(flags.over, run, train::CandidatesFor(flags.budget));
  for (const std::string& setting : flags.settings) {
    if (setting.starts_with(spec.over.key + "="))
      ThrowUsage("this is what is searched", "--set " + setting, "leave it out, or name it among the values of --over");
  }
  return spec;
}

int PrintCommands(const train::SweepSpec& spec, std::ostream& out) {
  train::CandidatesOf(spec);  // whatever they have wrong
  const std::vector<std::string> commands = train::SweepCommands(spec);
  for (const std::string& command : commands) out << command << "\n";
  out << train::SlurmHint(commands.size());
  return kExitDone;
}

int Run(const SweepFlags& flags, const Console& console) {
  const ThreadBudget budget = flags.threads > 0 ? ThreadBudget(flags.threads) : ThreadBudget::OfMachine();
  train::SweepPlan plan;
  plan.spec = SpecOf(flags);
  if (flags.has_task()) {
    const train::RunFile first = train::CandidatesOf(plan.spec).front().run;
    eval::RequireFit(train::SetUpRun(first).card, WorldOf(flags), "--task " + flags.world.task);
  }
  if (flags.print_commands) return PrintCommands(plan.spec, console.out);
  StopFlag stop;
  const InterruptScope interrupt(stop);
  Bars bars(console.err);
  plan.told = [&](const std::string& line) { bars.Tell(line); };
  plan.moved = [&](const train::SweepProgress& progress) { bars.Show(progress); };
  if (flags.suite != "tuning") plan.evaluated_on = "the episodes of suite " + flags.suite;
  if (flags.has_task())
    plan.evaluate = [&](const std::filesystem::path& run) { return SuccessOf(flags, run, budget, stop, bars); };
  const std::string commit = ThisVersion().commit;
  const train::SweepOutcome outcome = train::Sweep(plan, budget, commit, stop);
  bars.End();
  console.out << (flags.json
                      ? DumpJson(train::SweepJson(outcome, plan.spec.over, train::SweepBase(plan.spec)), 2) + "\n"
                      : train::SweepText(outcome, plan.spec.over));
  if (outcome.stopped) return 128 + interrupt.signal();
  return outcome.best ? kExitDone : kExitAnswerIsNo;
}

void AddTaskFlags(CLI::App& app, SweepFlags& flags) {
  app.add_option("--task", flags.world.task, "the last word has success in this task");
  app.add_option("--gap", flags.world.gap, "of that task")->type_name("GAP");
  app.add_option("--task-option", flags.world.settings, "of that task, e.g. nuts=round; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--actions", flags.world.actions, "delta or absolute; default: what the embodiment is usually told")
      ->type_name("MODE");
  app.add_option("--execute", flags.execute, "actions executed of each chunk; default: the card's")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  app.add_option("--suite", flags.suite, "tuning, or another list of beginnings, as heddle eval has it")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--episodes", flags.episodes, "of each that came to the end")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
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
  AddTaskFlags(app, *flags);
  app.add_option("--out", flags->out, "folder of all runs; a search that is there goes on (runs/NAME-sweep)")
      ->type_name("DIR");
  app.add_flag("--print-commands", flags->print_commands,
               "runs nothing: prints a training command for each value, and how they are one Slurm array");
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
              "half, told by held-out target actions, goes on. Stopped, the same command goes on; with other values it "
              "adds "
              "them to what is there.",
          .example =
              "heddle sweep run.yaml --over w=auto --task nut_assembly --gap perception+physics\n  heddle sweep "
              "mixture.yaml --method cfg --over policy.trunk.width=128,256,512",
          .add = Add};
}

}  // namespace heddle::cli
