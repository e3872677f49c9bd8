// heddle data seal: hashes of all files and episodes, made and verified.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/heddle/verb.h"
#include "heddle/core/clock.h"
#include "heddle/core/json.h"
#include "heddle/core/progress.h"
#include "heddle/core/text.h"
#include "heddle/data/find_dataset.h"
#include "heddle/data/seal.h"

namespace heddle::cli {
namespace {

using Json = nlohmann::ordered_json;

struct SealFlags {
  std::string dataset;
  bool verify = false, again = false, json = false;
  std::optional<int> threads;
};

Json ToJson(const std::vector<data::SealDifference>& differences) {
  Json list = Json::array();
  for (const auto& difference : differences) {
    list.push_back({{"file", difference.file.empty() ? Json(nullptr) : Json(difference.file)},
                    {"episode", difference.episode < 0 ? Json(nullptr) : Json(difference.episode)},
                    {"what", difference.what}});
  }
  return list;
}

void PrintDifferences(const std::vector<data::SealDifference>& differences, std::ostream& out) {
  constexpr size_t kMostLines = 20;
  for (size_t i = 0; i < std::min(kMostLines, differences.size()); ++i) out << "  " << differences[i].Text() << "\n";
  if (differences.size() > kMostLines) out << "  and " << differences.size() - kMostLines << " more (--json has all)\n";
}

int Verify(const SealFlags& flags, const std::filesystem::path& root, const data::SealWork& work, std::ostream& out) {
  const data::SealReport report = data::VerifySeal(root, work);
  const bool whole = report.differences.empty();
  if (flags.json) {
    out << DumpJson({{"whole", whole},
                     {"seal", report.seal_id},
                     {"files", report.num_files},
                     {"episodes", report.num_episodes},
                     {"touched", report.num_touched},
                     {"differences", ToJson(report.differences)}},
                    2)
        << "\n";
  } else if (whole) {
    out << "As it was sealed: " << Counted(report.num_files, "file") << ", " << Counted(report.num_episodes, "episode")
        << ", seal " << report.seal_id.substr(0, 12) << "\n";
  } else {
    out << "Not as it was sealed:\n";
    PrintDifferences(report.differences, out);
  }
  return whole ? kExitDone : kExitAnswerIsNo;
}

int Make(const SealFlags& flags, const std::filesystem::path& root, const data::SealWork& work, std::ostream& out) {
  const data::SealOutcome outcome = data::SealDataset(root, flags.again, work);
  const bool refused = !outcome.written && !outcome.differences.empty();
  if (flags.json) {
    out << DumpJson({{"sealed", !refused},
                     {"written", outcome.written},
                     {"seal", outcome.seal.Id()},
                     {"files", outcome.seal.files.size()},
                     {"episodes", outcome.seal.episodes.size()},
                     {"differences", ToJson(outcome.differences)}},
                    2)
        << "\n";
  } else if (refused) {
    out << "It was sealed before and has changed since; --again seals it as it is now:\n";
    PrintDifferences(outcome.differences, out);
  } else {
    out << (outcome.written ? "Sealed: " : "Sealed like this before: ")
        << Counted(static_cast<int64_t>(outcome.seal.files.size()), "file") << ", "
        << Counted(static_cast<int64_t>(outcome.seal.episodes.size()), "episode") << ", seal "
        << outcome.seal.Id().substr(0, 12) << "\n";
  }
  return refused ? kExitAnswerIsNo : kExitDone;
}

int Run(const SealFlags& flags, const Console& console) {
  const auto root = data::FindDataset(flags.dataset);
  std::optional<Progress> progress;
  int64_t before = 0;
  data::SealWork work{flags.threads ? ThreadBudget(*flags.threads) : ThreadBudget::OfMachine(), nullptr};
  work.progress = [&](int64_t done, int64_t total) {
    if (!progress) progress.emplace("reading episodes", total, SteadyClock(), console.err, DetectProgressStyle());
    progress->Advance(done - before);
    before = done;
    if (done == total) progress->Finish();
  };
  return flags.verify ? Verify(flags, root, work, console.out) : Make(flags, root, work, console.out);
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<SealFlags>();
  app.add_option("DATASET", flags->dataset, "a folder, or owner/name of a downloaded dataset")->required();
  auto* verify = app.add_flag("--verify", flags->verify, "check all of it against its seal; exit code 3 if it differs");
  app.add_flag("--again", flags->again, "seal a dataset that has changed since it was sealed")->excludes(verify);
  app.add_option("--threads", flags->threads, "threads that may compute (default: the cores of this machine)");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb DataSealVerb() {
  return {.name = "data seal",
          .group = VerbGroup::kData,
          .reads = "a dataset, whole",
          .leaves = "its seal: the hash of every file and every episode in meta/heddle.json",
          .about =
              "Reads a dataset whole and writes the SHA-256 of every file and of every decoded episode into "
              "meta/heddle.json. From then on a file with another content is refused when it is first read.",
          .example = "heddle data seal sets/pour\n  heddle data seal sets/pour --verify",
          .add = Add};
}

}  // namespace heddle::cli
