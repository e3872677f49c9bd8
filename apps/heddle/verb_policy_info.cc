// heddle policy info: a checkpoint in one screen.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/json.h"
#include "heddle/serve/checkpoint_report.h"

namespace heddle::cli {
namespace {

struct PolicyInfoFlags {
  std::string checkpoint;
  bool json = false;
};

int Run(const PolicyInfoFlags& flags, const Console& console) {
  const policy::Checkpoint checkpoint = policy::LoadCheckpoint(flags.checkpoint);
  console.out << (flags.json ? DumpJson(serve::CheckpointJson(checkpoint), 2) + "\n"
                             : serve::CheckpointText(checkpoint));
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<PolicyInfoFlags>();
  app.add_option("CHECKPOINT", flags->checkpoint, "the folder of a checkpoint, or of a run: its latest")->required();
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb PolicyInfoVerb() {
  return {.name = "policy info",
          .group = VerbGroup::kServing,
          .reads = "a checkpoint",
          .leaves = "one screen: what it reads and does, its training, guidance, limits and terms",
          .about = "Shows a checkpoint and its card in one screen.",
          .example = "heddle policy info runs/first",
          .add = Add};
}

}  // namespace heddle::cli
