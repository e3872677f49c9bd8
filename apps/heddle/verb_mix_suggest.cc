// heddle mix suggest: in which ratio to mix, and why.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/mixture/sheet/suggest.h"

namespace heddle::cli {
namespace {

struct SuggestFlags {
  std::string sheet;
  mixture::SuggestOptions options;
  std::string encoder;
  int64_t encoder_side = 224;
  bool no_measure = false, json = false;
};

int Run(const SuggestFlags& flags, const Console& console) {
  mixture::SuggestOptions options = flags.options;
  options.measure = !flags.no_measure;
  if (options.training.steps < 1) ThrowUsage("must be at least 1", "--steps");
  if (options.training.batch_size < 1) ThrowUsage("must be at least 1", "--batch-size");
  if (!flags.encoder.empty()) options.probe.encoder = mixture::LoadPictureEncoder(flags.encoder, flags.encoder_side);
  const mixture::Sheet sheet = mixture::Sheet::Load(flags.sheet);
  const mixture::RatioSuggestion suggestion = mixture::SuggestRatio(sheet, options);
  if (flags.json) {
    console.out << DumpJson(mixture::SuggestionJson(sheet, suggestion, options), 2) << "\n";
  } else {
    console.out << mixture::SuggestionText(sheet, suggestion, options);
  }
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<SuggestFlags>();
  app.add_option("SHEET", flags->sheet, "mixture.yaml")->required();
  app.add_option("--steps", flags->options.training.steps,
                 "steps of training that passes are counted for (default: 20000)")
      ->type_name("N");
  app.add_option("--batch-size", flags->options.training.batch_size, "rows of a batch (default: 64)")->type_name("N");
  app.add_flag("--no-measure", flags->no_measure, "propose no gaps: read nothing but sizes");
  app.add_option("--encoder", flags->encoder,
                 "TorchScript module whose features tell how far pictures are apart: forward(self, pictures: Tensor) "
                 "-> Tensor, of float32 [1, 3, side, side] in 0 .. 1; default: a net with random weights")
      ->type_name("FILE");
  app.add_option("--encoder-side", flags->encoder_side, "side of its pictures, in pixels")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb MixSuggestVerb() {
  return {.name = "mix suggest",
          .group = VerbGroup::kMix,
          .reads = "mixture.yaml, datasets",
          .leaves = "the balanced range of ratios, and why; gaps that one may state",
          .about =
              "Gives the range of w to search, from the sizes of target and surrogates: with the passes over each at "
              "both ends, and the reason. Proposes, without training, how far each source is from the target; a large "
              "gap moves the range up if the sheet states it.",
          .example = "heddle mix suggest mixture.yaml\nheddle mix suggest mixture.yaml --no-measure --json",
          .add = Add};
}

}  // namespace heddle::cli
