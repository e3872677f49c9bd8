// heddle policy set: what of a checkpoint's card may be changed without training.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/serve/card_settings.h"

namespace heddle::cli {
namespace {

struct PolicySetFlags {
  std::string checkpoint, evidence;
  std::vector<std::string> settings;
  bool json = false;
};

int Run(const PolicySetFlags& flags, const Console& console) {
  const policy::Checkpoint checkpoint = policy::LoadCheckpoint(flags.checkpoint);
  const serve::CardEdit edit = serve::EditCard(checkpoint, flags.settings, flags.evidence);
  policy::WriteCard(checkpoint.folder, edit.card);
  const std::string card = (checkpoint.folder / "card.yaml").string();
  if (flags.json) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::object();
    for (const serve::CardChange& change : edit.changes)
      changes[change.field] = {{"before", change.before}, {"after", change.after}};
    console.out << DumpJson({{"card", card}, {"changes", changes}, {"notes", edit.notes}}, 2) << "\n";
    return kExitDone;
  }
  for (const serve::CardChange& change : edit.changes)
    console.out << WithoutControls(change.field + ": " + change.before + " -> " + change.after) << "\n";
  for (const std::string& note : edit.notes) console.out << note << "\n";
  console.out << "card: " << card << "\n";
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<PolicySetFlags>();
  app.add_option("CHECKPOINT", flags->checkpoint, "the folder of a checkpoint, or of a run: its latest")->required();
  app.add_option("SETTINGS", flags->settings, "FIELD=VALUE: guidance, over_time, against.CONDITION or execute");
  app.add_option("--evidence", flags->evidence, "rows that the guidance was picked on: a sweep's folder")
      ->type_name("DIR");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb PolicySetVerb() {
  return {
      .name = "policy set",
      .group = VerbGroup::kServing,
      .reads = "a checkpoint, evidence rows",
      .leaves = "its card.yaml with another guidance, and why",
      .about =
          "Writes into a checkpoint's card how it is to be guided, or how many actions are executed of a chunk, with "
          "the evidence for it. The weights stay as they are.",
      .example =
          "heddle policy set runs/first guidance=-0.5 --evidence sweeps/first\n  heddle eval runs/first nut_assembly "
          "--sweep guidance=-1,-0.5,0,0.5 --out sweeps/first   # which leaves that evidence",
      .add = Add};
}

}  // namespace heddle::cli
