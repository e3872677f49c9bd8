// heddle mix check: a mixture sheet reviewed before anything is trained on it.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/mixture/sheet/review.h"
#include "heddle/mixture/sheet/review_report.h"

namespace heddle::cli {
namespace {

struct CheckFlags {
  std::string sheet;
  mixture::ReviewOptions options;
  bool csv = false, json = false;
};

int Run(const CheckFlags& flags, const Console& console) {
  if (flags.options.steps < 1) ThrowUsage("must be at least 1", "--steps");
  if (flags.options.batch_size < 1) ThrowUsage("must be at least 1", "--batch-size");
  if (flags.csv && flags.json) ThrowUsage("one output at a time", "--csv", "leave out --csv or --json");
  const mixture::Sheet sheet = mixture::Sheet::Load(flags.sheet);
  const mixture::SheetReview review = mixture::ReviewSheet(sheet, flags.options);
  if (flags.csv) {
    console.out << mixture::ReviewCsv(sheet, review);
  } else if (flags.json) {
    console.out << DumpJson(mixture::ReviewJson(sheet, review, flags.options), 2) << "\n";
  } else {
    console.out << mixture::ReviewText(sheet, review, flags.options);
  }
  return review.is_refused() ? kExitAnswerIsNo : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<CheckFlags>();
  app.add_option("SHEET", flags->sheet, "mixture.yaml")->required();
  app.add_option("--w", flags->options.w, "the target's share, in place of the sheet's")->type_name("W");
  app.add_option("--steps", flags->options.steps, "steps of training that passes are counted for (default: 20000)")
      ->type_name("N");
  app.add_option("--batch-size", flags->options.batch_size, "rows of a batch (default: 64)")->type_name("N");
  app.add_flag("--csv", flags->csv, "one row a source, for a spreadsheet");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb MixCheckVerb() {
  return {.name = "mix check",
          .group = VerbGroup::kMix,
          .reads = "mixture.yaml, datasets",
          .leaves = "whether they can be mixed; weights with passes; warnings",
          .about =
              "Reviews a mixture sheet before anything is trained on it: licenses, actions that do not mix, bodies "
              "without a head, what is held out, how often each source is drawn and seen, how good its labels are. "
              "Exit code 3 if the sheet is refused.",
          .example = "heddle mix check mixture.yaml\nheddle mix check mixture.yaml --csv > mixture.csv",
          .add = Add};
}

}  // namespace heddle::cli
