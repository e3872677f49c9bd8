#include "heddle/eval/summary.h"

#include <map>
#include <nlohmann/json.hpp>

#include "heddle/core/text.h"
#include "heddle/eval/compare/wording.h"
#include "heddle/stats/proportion.h"

namespace heddle::eval {
namespace {

using Json = nlohmann::ordered_json;

struct Tally {
  int64_t n = 0, any = 0, end = 0, steps_of_successes = 0;
  double wall_s = 0;
  int64_t steps = 0;
  std::map<std::string, int64_t> failures;
  std::vector<std::string> videos;
};

Tally Count(const EvaluationOutcome& outcome) {
  Tally tally;
  for (const contract::EvidenceRow& row : outcome.rows) {
    const contract::EvidenceOutcome& o = row.outcome;
    ++tally.n;
    tally.any += o.success_any ? 1 : 0;
    tally.end += o.success_end ? 1 : 0;
    tally.steps += o.steps;
    tally.wall_s += o.wall_s.value_or(0);
    if (o.success_end) tally.steps_of_successes += o.steps;
    if (!o.success_end) ++tally.failures[o.failure];
    if (!o.video.empty()) tally.videos.push_back(o.video);
  }
  return tally;
}

Rate RateOf(int64_t successes, int64_t n) {
  const auto interval = stats::WilsonInterval(static_cast<double>(successes), static_cast<double>(n));
  return {.successes = successes, .n = n, .interval = interval};
}

std::string RateText(int64_t successes, int64_t n) {
  return RateWithInterval(RateOf(successes, n)) + "  " + std::to_string(successes) + " of " + std::to_string(n);
}

Json RateJson(int64_t successes, int64_t n) {
  if (n == 0) return nullptr;
  const Rate rate = RateOf(successes, n);
  return {{"successes", successes},
          {"n", n},
          {"rate", rate.rate()},
          {"interval_95", {rate.interval.low, rate.interval.high}}};
}

}  // namespace

std::string SummaryText(const EvaluationOutcome& outcome, const sim::WorldKind& kind,
                        const std::filesystem::path& folder) {
  const Tally tally = Count(outcome);
  std::string text;
  if (tally.n > 0) {
    const contract::EvidencePolicy& policy = outcome.rows.front().policy;
    text += policy.name + (policy.strategy.empty() ? "" : ", " + policy.strategy) + "; " + kind.TaskText() + "; gap " +
            kind.gap.name + "; actions " + sim::ModeName(kind.mode) + "\n";
    text += "  success at the end    " + RateText(tally.end, tally.n) + "\n";
    text += "  success at any step   " + RateText(tally.any, tally.n) + "\n";
    if (tally.end > 0) text += "  steps of a success    " + std::to_string(tally.steps_of_successes / tally.end) + "\n";
    for (const auto& [label, count] : tally.failures)
      text += "  failed: " + label + "  " + std::to_string(count) + "\n";
  }
  for (const std::string& problem : outcome.problems) text += "  " + WithoutControls(problem) + "\n";
  text += "rows: " + (folder / "evidence.jsonl").string();
  if (outcome.already > 0) text += " (" + std::to_string(outcome.already) + " were there)";
  if (!tally.videos.empty())
    text += "; " + Counted(static_cast<int64_t>(tally.videos.size()), "film") + " of failures in " +
            (folder / "videos").string();
  return text + (outcome.stopped ? "; stopped, and the same command goes on" : "") + "\n";
}

Json SummaryJson(const EvaluationOutcome& outcome, const std::filesystem::path& folder) {
  const Tally tally = Count(outcome);
  Json failures = Json::object();
  for (const auto& [label, count] : tally.failures) failures[label] = count;
  return {{"evidence", (folder / "evidence.jsonl").string()},
          {"setup", tally.n > 0 ? Json(contract::SetupHash(outcome.rows.front().setup)) : Json(nullptr)},
          {"policy", tally.n > 0 ? Json(contract::PolicyHash(outcome.rows.front().policy)) : Json(nullptr)},
          {"success_end", RateJson(tally.end, tally.n)},
          {"success_any", RateJson(tally.any, tally.n)},
          {"failures", failures},
          {"steps", tally.steps},
          {"episode_wall_s", tally.wall_s},
          {"already", outcome.already},
          {"problems", outcome.problems},
          {"stopped", outcome.stopped}};
}

}  // namespace heddle::eval
