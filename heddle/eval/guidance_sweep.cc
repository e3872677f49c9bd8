#include "heddle/eval/guidance_sweep.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::eval {
namespace {

constexpr double kMostGuidance = 10;
constexpr const char* kFlag = "--sweep";

double LambdaFrom(std::string_view text) {
  double lambda = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lambda);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(lambda) <= kMostGuidance))
    ThrowUsage("'" + std::string(text) + "' is no number from -10 to 10", kFlag, "say e.g. guidance=-1,-0.5,0,0.5");
  return lambda + 0.0;  // -0 is 0
}

std::string LabelOf(double lambda) { return "guidance = " + FormatDouble(lambda); }

PolicyEvidence EvidenceOf(const SweptGuidance& value) {
  PolicyEvidence evidence{.label = LabelOf(value.lambda), .example = value.outcome.rows.front()};
  for (const contract::EvidenceRow& row : value.outcome.rows) {
    const contract::EvidenceOutcome& o = row.outcome;
    const int64_t seed =
        row.policy.training ? row.policy.training->training_seed.value_or(kNoTrainingSeed) : kNoTrainingSeed;
    evidence.episodes[seed][o.episode_seed] = {o.success_any, o.success_end, o.failure, ""};
  }
  return evidence;
}

void Compare(GuidanceSweep& sweep) {
  if (sweep.values.empty()) return;
  const CompareOptions options;
  const auto family = std::max<int64_t>(1, static_cast<int64_t>(sweep.values.size()) - 1);
  const PolicyEvidence zero = EvidenceOf(sweep.values.front());
  for (SweptGuidance& value : sweep.values) {
    const PolicyEvidence evidence = EvidenceOf(value);
    value.summary = Summarise(evidence);
    if (value.lambda != 0) sweep.against_zero.push_back(CompareTwo(zero, evidence, /*may_pair=*/true, family, options));
  }
  Decide(sweep.against_zero, options);
}

}  // namespace

std::vector<double> ReadGuidanceSweep(const std::string& setting) {
  const size_t equals = setting.find('=');
  const std::string name = setting.substr(0, equals);
  if (equals == std::string::npos || name != "guidance") {
    ThrowUsage("'" + name + "' can't be swept without training", kFlag,
               "say e.g. guidance=-1,-0.5,0,0.5; ratios are swept by heddle sweep");
  }
  std::vector<double> lambdas = {0};
  bool has_zero = false;
  std::string_view rest = std::string_view(setting).substr(equals + 1);
  for (bool more = true; more;) {
    const size_t comma = rest.find(',');
    const double lambda = LambdaFrom(rest.substr(0, comma));
    const bool is_there = lambda == 0 ? std::exchange(has_zero, true) : std::ranges::count(lambdas, lambda) > 0;
    if (is_there) ThrowUsage(FormatDouble(lambda) + " stands there twice", kFlag);
    if (lambda != 0) lambdas.push_back(lambda);
    more = comma != std::string_view::npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  if (lambdas.size() < 2) ThrowUsage("there is nothing to compare 0 with", kFlag, "name another value, too");
  return lambdas;
}

const SweptGuidance& GuidanceSweep::Best() const {
  HEDDLE_DEMAND(!values.empty());
  return *std::ranges::max_element(values, [](const SweptGuidance& a, const SweptGuidance& b) {
    const auto key = [](const SweptGuidance& v) { return std::pair(v.summary.any.rate(), -std::abs(v.lambda)); };
    return key(a) < key(b);
  });
}

GuidanceSweep SweepGuidance(const sim::WorldKind& kind, Actor& actor, const SweepPlan& sweep_plan,
                            const EvaluationPlan& plan, const std::filesystem::path& folder, const ThreadBudget& budget,
                            const StopFlag& stop,
                            const std::function<void(const contract::EvidenceRow& row)>& episode_done) {
  GuidanceSweep sweep;
  for (const double lambda : sweep_plan.lambdas) {
    sweep_plan.set_guidance(lambda);
    SweptGuidance value{
        .lambda = lambda, .outcome = Evaluate(kind, actor, plan, folder, budget, stop, episode_done), .summary = {}};
    sweep.stopped = value.outcome.stopped;
    if (!value.outcome.rows.empty()) sweep.values.push_back(std::move(value));
    if (sweep.stopped) break;
  }
  Compare(sweep);
  return sweep;
}

}  // namespace heddle::eval
