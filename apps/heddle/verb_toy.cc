// heddle toy: the toy model's sweep and its page.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/heddle/options_flags.h"
#include "apps/heddle/pages.h"
#include "apps/heddle/verb.h"
#include "apps/heddle/version_info.h"
#include "heddle/core/error.h"
#include "heddle/toy/run.h"
#include "web/toy_page.h"

namespace heddle::cli {
namespace {

struct ToyFlags {
  bool quick = false, json = false;
  std::optional<std::int64_t> seed, seeds;
  std::vector<double> delta_z, w;
  std::string out = "out/toy", latents;
  std::optional<int> threads;
  OptionFlags options;
};

// A flag and a --set of the same key: one of them would be without effect.
void RefuseTwice(const ToyFlags& flags, const std::string& flag, const std::string& key) {
  for (const std::string& set : flags.options.sets) {
    if (set.starts_with(key + "=") || set.starts_with("toy." + key + "=")) {
      ThrowUsage(flag + " and --set " + set + " both set toy." + key, "", "give one of them");
    }
  }
}

toy::ToyOptions OptionsFrom(const ToyFlags& flags) {
  toy::ToyOptions options = flags.quick ? toy::QuickOptions() : toy::ToyOptions{};
  ApplyOptionFlags(flags.options, OptionTree::Of("toy", options));
  if (flags.seed) RefuseTwice(flags, "--seed", "seed");
  if (flags.seeds) RefuseTwice(flags, "--seeds", "seeds");
  if (!flags.delta_z.empty()) RefuseTwice(flags, "--dz", "delta_z");
  if (!flags.w.empty()) RefuseTwice(flags, "--w", "w");
  if (flags.seed) options.seed = *flags.seed;
  if (flags.seeds) options.seeds = *flags.seeds;
  if (!flags.delta_z.empty()) options.delta_z = flags.delta_z;
  if (!flags.w.empty()) options.w = flags.w;
  return options;
}

void PrintForPeople(const toy::RunSummary& summary, const ToyFlags& flags, std::ostream& out) {
  if (summary.partial) {
    out << "Stopped: " << summary.complete_nets << " of " << summary.nets
        << " nets are complete; what is written is marked as partial.\n";
  }
  out << summary.text;
  if (summary.latent_cases > 0) out << "latents of " << summary.latent_cases << " nets: " << flags.latents << "\n";
  out << "numbers: " << summary.json.string() << "\n";
  if (summary.page) {
    out << "page:    " << std::filesystem::absolute(*summary.page).lexically_normal().string() << "\n";
  } else {
    out << "page:    not built into this binary (see heddle doctor)\n";
  }
}

void PrintJson(const toy::RunSummary& summary, std::ostream& out) {
  nlohmann::ordered_json json = {{"partial", summary.partial},
                                 {"complete_nets", summary.complete_nets},
                                 {"nets", summary.nets},
                                 {"json", summary.json.string()}};
  if (summary.page) json["page"] = summary.page->string();
  out << json.dump() << "\n";
}

int Run(const ToyFlags& flags, const Console& console) {
  toy::RunPlan plan{.options = OptionsFrom(flags),
                    .out = flags.out,
                    .latents = std::nullopt,
                    .page_template = "",
                    .page_marker = web::kToyDataMarker,
                    .version = ThisVersion().version};
  if (!flags.latents.empty()) plan.latents = flags.latents;
  if (const auto page = ToyPage()) plan.page_template = *page;
  const ThreadBudget budget = flags.threads ? ThreadBudget(*flags.threads) : ThreadBudget::OfMachine();
  StopFlag stop;
  const InterruptScope interrupt(stop);
  const toy::RunSummary summary = toy::RunToy(plan, budget, stop, console.err, DetectProgressStyle());
  if (flags.json) {
    PrintJson(summary, console.out);
  } else {
    PrintForPeople(summary, flags, console.out);
  }
  return summary.stopped ? 128 + interrupt.signal() : kExitDone;
}

// An empty text would be read as 0.
std::string IsGiven(const std::string& text) { return text.empty() ? "a number is missing" : ""; }

VerbRun AddToy(CLI::App& app) {
  const auto flags = std::make_shared<ToyFlags>();
  app.add_option("--out", flags->out, "folder to write into (default: out/toy)")->type_name("DIR");
  app.add_flag("--quick", flags->quick,
               "one seed, narrower nets, shorter training: shows the regimes in under a minute");
  app.add_option("--seed", flags->seed, "the first seed (default: 1)")->type_name("N");
  app.add_option("--seeds", flags->seeds, "replicates of the whole grid (default: 3)")->type_name("N");
  app.add_option("--dz", flags->delta_z, "distances between the domains' input planes, e.g. 0.1,1,10")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(IsGiven);
  app.add_option("--w", flags->w, "probabilities of drawing from the target, e.g. 0.01,0.1,0.5")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(IsGiven);
  app.add_option("--latents", flags->latents, "also write every net's latents, with its regime, into this folder")
      ->type_name("DIR");
  app.add_option("--threads", flags->threads, "threads to use (default: all cores)")->type_name("N");
  AddOptionFlags(app, flags->options);
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb ToyVerb() {
  return {.name = "toy",
          .group = VerbGroup::kTheory,
          .reads = "nothing",
          .leaves = "toy.json and toy.html: when co-training helps, on a model small enough to see through",
          .about =
              "Trains small diffusion nets on a scarce target and an abundant source, over a grid of distances between "
              "the two (Δz) and mixing "
              "ratios (w), and shows where the source helps, where it does nothing and where it does harm.",
          .example = "heddle toy --quick --out out/toy",
          .add = AddToy,
          .reference = [] {
            toy::ToyOptions options;
            return DescribeMarkdown(OptionTree::Of("toy", options));
          }};
}

}  // namespace heddle::cli
