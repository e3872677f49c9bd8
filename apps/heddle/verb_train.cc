// heddle train: a run, from wherever it stands to its end.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/heddle/verb.h"
#include "apps/heddle/version_info.h"
#include "heddle/core/json.h"
#include "heddle/core/options.h"
#include "heddle/core/progress.h"
#include "heddle/core/text.h"
#include "heddle/train/pace.h"
#include "heddle/train/plan.h"
#include "heddle/train/plan_text.h"
#include "heddle/train/trainer.h"

namespace heddle::cli {
namespace {

struct TrainFlags {
  std::string file, method, out;
  std::vector<std::string> settings;
  int threads = 0;
  std::vector<std::string> log;
  bool plan = false, json = false;
};

std::filesystem::path FolderOf(const TrainFlags& flags) {
  if (!flags.out.empty()) return flags.out;
  const std::filesystem::path file = flags.file;
  return std::filesystem::path("runs") / (file.stem().string() + (flags.method.empty() ? "" : "-" + flags.method));
}

// What is shown of the steps since it was last shown.
class Shown {
 public:
  void Add(const train::TrainProgress& progress) {
    step_ms_.push_back(progress.step_ms);
    wait_ms_.push_back(progress.wait_ms);
  }
  std::string Note(const train::TrainProgress& progress) {
    char text[128];
    std::snprintf(text, sizeof text, "loss %.4g, %.1f ms a step, %.1f ms waiting for data, %.0f MB", progress.loss,
                  train::Median(std::exchange(step_ms_, {})), train::Median(std::exchange(wait_ms_, {})),
                  progress.memory_mb);
    return text;
  }

 private:
  std::vector<double> step_ms_, wait_ms_;
};

nlohmann::ordered_json OutcomeJson(const train::TrainOutcome& outcome) {
  return {{"folder", outcome.folder.string()}, {"checkpoint", outcome.checkpoint.string()},
          {"first_step", outcome.first_step},  {"step", outcome.step},
          {"skipped", outcome.skipped},        {"stopped", outcome.stopped},
          {"seconds", outcome.seconds}};
}

void PrintOutcome(const train::TrainOutcome& outcome, std::ostream& out) {
  if (outcome.first_step == outcome.step && !outcome.stopped) {
    out << "there is nothing left to do: the run is at its end\n";
  } else {
    out << (outcome.stopped ? "stopped" : "trained") << ": " << outcome.step << " steps in "
        << FormatDuration(outcome.seconds);
    if (outcome.first_step > 0) out << ", going on from step " << outcome.first_step;
    out << "\n";
  }
  if (outcome.skipped > 0)
    out << "skipped: " << Counted(outcome.skipped, "step")
        << ", as their loss was not finite (metrics.jsonl has rows)\n";
  out << "checkpoint: " << outcome.checkpoint.string() << "\n";
  if (outcome.stopped) out << "the same command goes on from there\n";
}

int Run(const TrainFlags& flags, const Console& console) {
  std::vector<std::string> settings = flags.settings;
  for (const std::string& log : flags.log) settings.push_back("log." + log + "=true");
  const train::RunFile run = train::ReadRun(flags.file, flags.method, settings);
  const ThreadBudget budget = flags.threads > 0 ? ThreadBudget(flags.threads) : ThreadBudget::OfMachine();
  if (flags.plan) {
    const train::TrainPlan plan = train::PlanRun(run, budget);
    console.out << (flags.json ? DumpJson(train::PlanJson(plan), 2) + "\n" : train::PlanText(plan));
    return kExitDone;
  }
  Progress progress("training", run.options.steps, SteadyClock(), console.err, DetectProgressStyle());
  bool begun = false;
  Shown shown;
  StopFlag stop;
  const InterruptScope interrupt(stop);
  const auto outcome =
      train::Train(run, FolderOf(flags), budget, ThisVersion().commit, stop, [&](const train::TrainProgress& step) {
        if (!std::exchange(begun, true)) progress.BeginAt(step.step - 1);
        for (const std::string& note : step.notes) console.err << note << "\n";
        shown.Add(step);
        if (step.step % train::kMemoryEvery == 0 || step.step == run.options.steps) progress.Note(shown.Note(step));
        progress.Expect(step.left_s);
        progress.Advance();
      });
  if (begun) progress.Finish();
  if (flags.json) {
    console.out << DumpJson(OutcomeJson(outcome), 2) << "\n";
  } else {
    PrintOutcome(outcome, console.out);
  }
  return outcome.stopped ? 128 + interrupt.signal() : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<TrainFlags>();
  app.add_option("FILE", flags->file, "a run (run.yaml), or a mixture sheet alone")->required();
  app.add_option("--method", flags->method, "mix, ot, adda, cfg, cfg-adda, cfg-ot; default: the run's, else mix")
      ->type_name("NAME");
  app.add_option("--set", flags->settings, "an option of the run, e.g. policy.trunk.width=512; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--out", flags->out, "the run's folder; it goes on with one that it had begun (runs/NAME)")
      ->type_name("DIR");
  app.add_option("--log", flags->log, "tensorboard: event files, too")->check(CLI::IsMember({"tensorboard"}));
  app.add_flag("--plan", flags->plan, "what it would take, from 20 steps that are thrown away; nothing is written");
  app.add_option("--threads", flags->threads, "default: all cores")->type_name("N")->check(CLI::Range(1, 4096));
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb TrainVerb() {
  return {.name = "train",
          .group = VerbGroup::kTraining,
          .reads = "a run or a mixture sheet, and its datasets",
          .leaves = "a run's folder: metrics, checkpoints, latents",
          .about =
              "Trains a policy on the mixture. Stopped or killed, the same command goes on, to the same weights, bit "
              "for bit.",
          .example =
              "heddle train mixture.yaml --method cfg-adda --set w=0.05 --out runs/first\n  heddle train run.yaml "
              "--plan",
          .add = Add,
          .reference = [] {
            train::RunOptions options;
            return DescribeMarkdown(OptionTree::Of("run", options));
          }};
}

}  // namespace heddle::cli
