#include "heddle/eval/compare/report_json.h"

#include <nlohmann/json.hpp>

#include "heddle/eval/compare/wording.h"

namespace heddle::eval {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

Json IntervalJson(const stats::Interval& interval) { return Json::array({interval.low, interval.high}); }

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json RateJson(const Rate& rate) {
  return {{"successes", rate.successes},
          {"n", rate.n},
          {"rate", rate.rate()},
          {"interval", IntervalJson(rate.interval)},
          {"design_effect", rate.design_effect}};
}

Json PolicyJson(const PolicySummary& policy) {
  Json failures = Json::object();
  for (const auto& [label, rate] : policy.failures) failures[label] = RateJson(rate);
  return {{"label", policy.label},
          {"success_any", RateJson(policy.any)},
          {"success_end", RateJson(policy.end)},
          {"training_seeds", policy.training_seeds},
          {"failures", failures}};
}

Json SequentialJson(const SequentialResult& s) {
  using Verdict = stats::SequentialTest::Verdict;
  const char* verdict = s.verdict == Verdict::kBIsBetter   ? "b-is-better"
                        : s.verdict == Verdict::kAIsBetter ? "a-is-better"
                                                           : "keep-going";
  return {{"verdict", verdict},
          {"episodes", s.episodes},
          {"stopped_at", OrNull(s.stopped_at)},
          {"about_more", OrNull(s.about_more)},
          {"waiting", s.waiting},
          {"e_for_b", s.e_for_b},
          {"e_for_a", s.e_for_a},
          {"threshold", s.threshold}};
}

Json PowerJson(const Power& power) {
  return {{"delta", power.delta},
          {"power", kPower},
          {"discordance", power.discordance},
          {"discordance_interval", IntervalJson(power.discordance_interval)},
          {"needed", power.needed},
          {"needed_at_most", power.needed_at_most},
          {"detectable", power.detectable},
          {"enough", power.enough}};
}

Json NonInferiorityJson(const NonInferiority& n) {
  return {{"margin", n.margin},
          {"p", n.p},
          {"corrected_p", n.corrected_p},
          {"level", kLevel / 2},
          {"shown", n.corrected_p <= kLevel / 2}};
}

Json ComparisonJson(const Comparison& c) {
  const char* paired_test = !c.is_exact            ? "score-paired"
                            : c.training_seeds > 1 ? "sign-flips-by-episode"
                                                   : "exact-paired";
  const char* test = c.is_paired ? paired_test : c.is_exact ? "boschloo" : "approximate";
  Json json = {{"a", c.a},
               {"b", c.b},
               {"decision", DecisionName(c.decision)},
               {"paired", c.is_paired},
               {"note", c.note},
               {"n_a", c.n_a},
               {"n_b", c.n_b},
               {"pairs", c.is_paired ? Json(c.pairs) : Json(nullptr)},
               {"better", c.is_paired ? Json(c.better) : Json(nullptr)},
               {"worse", c.is_paired ? Json(c.worse) : Json(nullptr)},
               {"episode_seeds", c.is_paired ? Json(c.episodes) : Json(nullptr)},
               {"training_seeds", c.is_paired ? Json(c.training_seeds) : Json(nullptr)},
               {"without_partner", Json::array({c.without_partner_a, c.without_partner_b})},
               {"difference", c.difference},
               {"interval", IntervalJson(c.interval)},
               {"design_effect", c.design_effect},
               {"test", test},
               {"p", c.p},
               {"corrected_p", c.corrected_p},
               {"family", c.family},
               {"corrected_interval", IntervalJson(c.corrected_interval)}};
  json["interval_over_training_seeds"] = c.over_training_seeds ? IntervalJson(*c.over_training_seeds) : Json(nullptr);
  json["sequential"] = c.sequential ? SequentialJson(*c.sequential) : Json(nullptr);
  json["non_inferiority"] = c.non_inferiority ? NonInferiorityJson(*c.non_inferiority) : Json(nullptr);
  json["power"] = PowerJson(c.power);
  return json;
}

Json VerdictJson(const Verdict& verdict) {
  Json json = ComparisonJson(verdict.comparison);
  json["verdict"] = DecisionPhrase(verdict.comparison);
  json["doubts"] = Json::array();
  for (const Doubt& doubt : verdict.doubts) {
    json["doubts"].push_back({{"code", doubt.code}, {"state", StateName(doubt.state)}, {"what", doubt.what}});
  }
  json["claim"] = {{"changed", verdict.claim.changed},
                   {"reproduce", verdict.claim.reproduce},
                   {"could_fool", verdict.claim.could_fool},
                   {"backed_by", verdict.claim.backed_by}};
  return json;
}

Json SourceJson(const EvidenceSource& source) {
  return {{"file", source.file},
          {"sha256", source.sha256},
          {"rows", source.rows},
          {"repeated_rows", source.repeated_rows},
          {"torn_bytes", source.torn_bytes}};
}

Json RefusalJson(const Refusal& refusal) {
  Json json = {{"a", refusal.a}, {"b", refusal.b}, {"differences", Json::array()}, {"mend", refusal.mend}};
  for (const auto& d : refusal.differences) {
    json["differences"].push_back({{"field", d.field}, {"a", d.a}, {"b", d.b}});
  }
  return json;
}

}  // namespace

Json ToJson(const CompareReport& report) {
  Json json = {{"schema", kSchema},     {"comparable", !report.is_refused()},
               {"setup", report.setup}, {"setup_hash", report.setup_hash},
               {"over", report.over},   {"metric", MetricName(report.options.metric)},
               {"level", kLevel}};
  for (const char* list : {"policies", "verdicts", "refusals", "sources"}) json[list] = Json::array();
  for (const PolicySummary& policy : report.policies) json["policies"].push_back(PolicyJson(policy));
  for (const Verdict& verdict : report.verdicts) json["verdicts"].push_back(VerdictJson(verdict));
  for (const Refusal& refusal : report.refusals) json["refusals"].push_back(RefusalJson(refusal));
  for (const EvidenceSource& source : report.sources) json["sources"].push_back(SourceJson(source));
  return json;
}

Json ToJson(const CountsReport& report) {
  Json json = {{"schema", kSchema}, {"paired", false}, {"level", kLevel}, {"source", SourceJson(report.source)}};
  json["groups"] = Json::array();
  for (const CountsGroup& group : report.groups) {
    Json of_group = {{"name", group.name}, {"policies", Json::array()}, {"verdicts", Json::array()}};
    for (const PublishedRate& policy : group.policies) {
      of_group["policies"].push_back({{"name", policy.name}, {"success", RateJson(policy.rate)}});
    }
    for (const Verdict& verdict : group.verdicts) of_group["verdicts"].push_back(VerdictJson(verdict));
    json["groups"].push_back(of_group);
  }
  return json;
}

}  // namespace heddle::eval
