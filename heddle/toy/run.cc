#include "heddle/toy/run.h"

#include <sstream>

#include "heddle/core/atomic_file.h"
#include "heddle/core/check.h"
#include "heddle/core/clock.h"
#include "heddle/core/metrics_log.h"
#include "heddle/core/options.h"
#include "heddle/toy/findings.h"
#include "heddle/toy/latents.h"
#include "heddle/toy/match.h"
#include "heddle/toy/toy_json.h"

namespace heddle::toy {
namespace {

nlohmann::ordered_json MetricsRow(const Sweep& sweep, int net) {
  const NetKey key = sweep.KeyOf(net);
  const NetOutcome& outcome = sweep.outcome(key);
  return {{"seed", sweep.options().seed + key.seed},
          {"delta_z", sweep.delta_z_of(key)},
          {"w", sweep.w_of(key)},
          {"training_loss", outcome.training_loss},
          {"whole", outcome.loss.whole},
          {"covered", outcome.loss.covered},
          {"ood", outcome.loss.ood},
          {"seconds", outcome.seconds}};
}

std::string Summarise(const Sweep& sweep) {
  std::ostringstream text;
  for (const NetKey& key : sweep.Diverged()) {
    text << "  diverged:     the net of Δz = " << sweep.delta_z_of(key) << ", w = " << sweep.w_of(key) << ", seed "
         << sweep.options().seed + key.seed << ": its loss is no number (a smaller toy.learning_rate may help)\n";
  }
  for (const Finding& finding : Findings(sweep, sweep.CompleteSeeds())) {
    text << (finding.holds ? "  as expected:  " : "  otherwise:    ") << finding.claim << "\n                  found "
         << finding.found << "; expected " << finding.expected << "\n";
  }
  return text.str();
}

}  // namespace

std::string FillPage(std::string_view page_template, std::string_view marker, std::string_view json) {
  const std::size_t at = page_template.find(marker);
  HEDDLE_DEMAND(at != std::string_view::npos && page_template.find(marker, at + 1) == std::string_view::npos);
  std::string page(page_template.substr(0, at));
  for (const char c : json) {
    if (c == '<') {
      page += "\\u003c";
    } else {
      page += c;
    }
  }
  page += page_template.substr(at + marker.size());
  return page;
}

RunSummary RunToy(const RunPlan& plan, const ThreadBudget& budget, const StopFlag& stop, std::ostream& progress_out,
                  ProgressStyle style) {
  ToyOptions options = plan.options;
  Validate(OptionTree::Of("toy", options));
  CheckConsistent(options);
  RequireWritableFolder(plan.out);
  if (plan.latents) RequireWritableFolder(*plan.latents);

  Sweep sweep(options);
  // What an earlier run left here would pass for this one's.
  for (const char* name : {"toy.json", "toy.html", "metrics.jsonl"}) std::filesystem::remove(plan.out / name);
  MetricsLog metrics(plan.out / "metrics.jsonl");
  RunSummary summary;
  summary.nets = sweep.nets();
  const auto matches = std::int64_t(MatchCases(options).size()) * options.seeds;
  Progress progress("training nets", sweep.nets() + matches, SteadyClock(), progress_out, style);
  const bool whole = sweep.Run(budget, &stop, [&](int net) {
    metrics.Append(MetricsRow(sweep, net));
    ++summary.complete_nets;
    progress.Advance();
  });
  const Match match = RunMatch(options, budget, &stop, [&] { progress.Advance(); });
  summary.partial = !whole || match.curves.empty();
  if (!summary.partial) progress.Finish();

  const std::string json = ToyJson(sweep, match, summary.partial, plan.version).dump() + "\n";
  summary.json = plan.out / "toy.json";
  WriteFileAtomically(summary.json, json);
  if (!plan.page_template.empty()) {
    summary.page = plan.out / "toy.html";
    WriteFileAtomically(*summary.page, FillPage(plan.page_template, plan.page_marker, json));
  }
  if (plan.latents) summary.latent_cases = WriteLatents(sweep, *plan.latents, stop);
  summary.stopped = stop.requested();
  summary.text = Summarise(sweep);
  return summary;
}

}  // namespace heddle::toy
