#include <nlohmann/json.hpp>

#include "heddle/core/text.h"
#include "heddle/eval/compare/text_table.h"
#include "heddle/eval/compare/wording.h"
#include "heddle/eval/guidance_sweep.h"

namespace heddle::eval {
namespace {

using Json = nlohmann::ordered_json;

const Comparison* AgainstZero(const GuidanceSweep& sweep, size_t i) {
  return sweep.values[i].lambda == 0 ? nullptr : &sweep.against_zero[i - 1];
}

std::string Table(const GuidanceSweep& sweep) {
  std::vector<std::vector<std::string>> rows = {
      {"lambda", "success_any", "n", "difference to 0", "p, corrected", "success_end"}};
  for (size_t i = 0; i < sweep.values.size(); ++i) {
    const SweptGuidance& value = sweep.values[i];
    const Comparison* c = AgainstZero(sweep, i);
    rows.push_back({FormatDouble(value.lambda), RateWithInterval(value.summary.any),
                    std::to_string(value.summary.any.n), c ? SignedWithInterval(c->difference, c->interval) : "-",
                    c ? PText(c->corrected_p) : "-", RateWithInterval(value.summary.end)});
  }
  return TextTable(rows);
}

// What the pick is worth.
std::string Advice(const GuidanceSweep& sweep, const std::string& policy, const std::filesystem::path& folder) {
  const SweptGuidance& best = sweep.Best();
  const std::string tried = std::to_string(sweep.values.size());
  if (best.lambda == 0) return "  none of " + tried + " values did better than 0, the label alone\n";
  const auto at = static_cast<size_t>(&best - sweep.values.data());
  const bool shown = sweep.against_zero[at - 1].decision == Decision::kBetter;
  std::string text = "  best of " + tried + ": " + FormatDouble(best.lambda) + ", " +
                     (shown ? "shown to be better than 0" : "not shown to be better than 0") + "\n";
  text += "  take it: heddle policy set " + policy + " guidance=" + FormatDouble(best.lambda) + " --evidence " +
          folder.string() + "\n";
  text +=
      "  the pick flatters it, as it was made on these same episodes: its own rate comes from others (heddle eval " +
      policy + " ... with another --suite or --seed)\n";
  return text;
}

}  // namespace

std::string SweepText(const GuidanceSweep& sweep, const sim::WorldKind& kind, const std::string& policy,
                      const std::filesystem::path& folder) {
  std::string text = policy + "; " + kind.TaskText() + "; gap " + kind.gap.name + "\n";
  if (!sweep.values.empty()) text += Table(sweep) + (sweep.stopped ? "" : Advice(sweep, policy, folder));
  for (const SweptGuidance& value : sweep.values) {
    for (const std::string& problem : value.outcome.problems)
      text += "  guidance " + FormatDouble(value.lambda) + ": " + problem + "\n";
  }
  text += "rows: " + (folder / "evidence.jsonl").string();
  return WithoutControls(text) + (sweep.stopped ? "; stopped, and the same command goes on" : "") + "\n";
}

Json SweepJson(const GuidanceSweep& sweep, const std::filesystem::path& folder) {
  const auto rate = [](const Rate& of) {
    return Json{{"successes", of.successes},
                {"n", of.n},
                {"rate", of.rate()},
                {"interval_95", {of.interval.low, of.interval.high}}};
  };
  Json values = Json::array();
  for (size_t i = 0; i < sweep.values.size(); ++i) {
    const SweptGuidance& value = sweep.values[i];
    Json json = {{"guidance", value.lambda},
                 {"success_any", rate(value.summary.any)},
                 {"success_end", rate(value.summary.end)},
                 {"already", value.outcome.already},
                 {"problems", value.outcome.problems},
                 {"against_0", nullptr}};
    if (const Comparison* c = AgainstZero(sweep, i)) {
      json["against_0"] = {{"pairs", c->pairs},
                           {"better", c->better},
                           {"worse", c->worse},
                           {"difference", c->difference},
                           {"interval_95", {c->interval.low, c->interval.high}},
                           {"p", c->p},
                           {"corrected_p", c->corrected_p},
                           {"decision", DecisionName(c->decision)}};
    }
    values.push_back(std::move(json));
  }
  const bool whole = !sweep.values.empty() && !sweep.stopped;
  return {{"evidence", (folder / "evidence.jsonl").string()},
          {"values", std::move(values)},
          {"best", whole ? Json(sweep.Best().lambda) : Json(nullptr)},
          {"chosen_from", sweep.values.size()},
          {"stopped", sweep.stopped}};
}

}  // namespace heddle::eval
