// heddle data audit: what is wrong with datasets, and what they are missing.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/heddle/verb.h"
#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/progress.h"
#include "heddle/data/audit/audit.h"
#include "heddle/data/audit/report_json.h"
#include "heddle/data/audit/report_text.h"

namespace heddle::cli {
namespace {

namespace audit = data::audit;

struct AuditFlags {
  std::vector<std::string> datasets;
  std::string frames = "12", out;
  std::optional<int> threads;
  bool json = false;
};

int64_t FramesFrom(const std::string& text) {
  if (text == "all") return -1;
  int64_t frames = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frames);
  if (error != std::errc() || end != text.data() + text.size() || frames < 0) {
    ThrowUsage("'" + text + "' is no number of frames", "--frames", "give a number, or all");
  }
  return frames;
}

bool WantsColour(const Console& console) {
  const char* no_colour = std::getenv("NO_COLOR");
  return &console.out == &std::cout && isatty(STDOUT_FILENO) == 1 && (!no_colour || !*no_colour);
}

// One bar a dataset.
class Bars {
 public:
  explicit Bars(const Console& console) : console_(console) {}
  void Show(const std::string& dataset, int64_t done, int64_t total) {
    if (!bar_ || dataset != dataset_) {
      Finish();
      bar_.emplace("looking at " + dataset, total, SteadyClock(), console_.err, DetectProgressStyle());
      dataset_ = dataset;
      done_ = 0;
    }
    bar_->Advance(done - done_);
    done_ = done;
  }
  void Finish() {
    if (bar_) bar_->Finish();
    bar_.reset();
  }

 private:
  const Console& console_;
  std::string dataset_;
  int64_t done_ = 0;
  std::optional<Progress> bar_;
};

// Before the work, so that it is not lost.
void RequireWritable(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file)) ThrowUsage("is a folder", "--out " + file.string(), "name a file");
  RequireWritableFolder(file.has_parent_path() ? file.parent_path() : ".");
}

int Run(const AuditFlags& flags, const Console& console) {
  const audit::AuditOptions options{.frames = FramesFrom(flags.frames)};
  const ThreadBudget budget = flags.threads ? ThreadBudget(*flags.threads) : ThreadBudget::OfMachine();
  if (!flags.out.empty()) RequireWritable(flags.out);
  StopFlag stop;
  const InterruptScope interrupt(stop);
  Bars bars(console);
  std::optional<audit::AuditReport> report;
  try {
    report = audit::AuditDatasets(
        flags.datasets, options, budget,
        [&](const std::string& dataset, int64_t done, int64_t total) { bars.Show(dataset, done, total); }, &stop);
  } catch (const Error&) {
    if (stop.requested()) return 128 + interrupt.signal();
    throw;
  }
  bars.Finish();
  const auto json = audit::ToJson(*report);
  if (!flags.out.empty()) WriteFileAtomically(flags.out, DumpJson(json, 2) + "\n");
  if (flags.json) {
    console.out << DumpJson(json, 2) << "\n";
  } else {
    console.out << audit::AuditText(*report, {.colour = WantsColour(console)});
  }
  return report->has_errors() ? kExitAnswerIsNo : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<AuditFlags>();
  app.add_option("DATASET", flags->datasets, "folders, or owner/name of downloaded datasets")->required();
  app.add_option("--frames", flags->frames, "pictures to decode per camera and episode, or all (default: 12)")
      ->type_name("N|all");
  app.add_option("--out", flags->out, "write the report as JSON here, too")->type_name("FILE");
  app.add_option("--threads", flags->threads, "threads to use (default: all cores)")->type_name("N");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb DataAuditVerb() {
  return {.name = "data audit",
          .group = VerbGroup::kData,
          .reads = "datasets",
          .leaves = "what is wrong with them, what would not mix, what is missing",
          .about =
              "Says what is wrong with datasets before training on them: each finding with its place, its effect and "
              "its mend; for several datasets what would not mix; and at last what is missing, with the command that "
              "adds it. Exit code 3 if there is an error.",
          .example = "heddle data audit lerobot/pusht\nheddle data audit demos out/sim --frames all --out audit.json",
          .add = Add};
}

}  // namespace heddle::cli
