// heddle mix init: a first mixture sheet from what datasets say.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/mixture/sheet/draft.h"

namespace heddle::cli {
namespace {

struct InitFlags {
  std::vector<std::string> datasets;
  std::filesystem::path out;
  bool json = false;
};

int Run(const InitFlags& flags, const Console& console) {
  if (!flags.out.empty() && std::filesystem::exists(flags.out)) {
    ThrowUsage("is there already", "--out " + flags.out.string(), "name another file; nothing is written over a sheet");
  }
  const std::filesystem::path folder = flags.out.has_parent_path() ? flags.out.parent_path() : ".";
  const std::string sheet = mixture::DraftSheet(flags.datasets, folder);
  if (!flags.out.empty()) WriteFileAtomically(flags.out, sheet);
  if (flags.json) {
    console.out << DumpJson({{"sheet", sheet}, {"file", flags.out.string()}}, 2) << "\n";
  } else if (flags.out.empty()) {
    console.out << sheet;
  } else {
    console.err << "wrote " << flags.out.string() << "\n";
  }
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<InitFlags>();
  app.add_option("DATASET", flags->datasets, "folders, or owner/name; the first one is the target's")->required();
  app.add_option("-o,--out", flags->out, "write the sheet here; paths in it are relative to its folder")
      ->type_name("FILE");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb MixInitVerb() {
  return {
      .name = "mix init",
      .group = VerbGroup::kMix,
      .reads = "datasets",
      .leaves = "a first mixture.yaml, with each guess marked",
      .about =
          "Prints a first mixture sheet from what datasets say of themselves: bodies, labels, licenses, cameras, and "
          "what their actions are. What is not stated but told by something else is marked `# guessed`.",
      .example = "heddle mix init sets/robot sets/sim -o mixture.yaml\nheddle mix init lerobot/pusht",
      .add = Add};
}

}  // namespace heddle::cli
