#include "heddle/eval/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/stats/corrections.h"
#include "heddle/stats/distributions.h"
#include "heddle/stats/paired_power.h"
#include "heddle/stats/training_seeds.h"
#include "heddle/stats/unpaired.h"

namespace heddle::eval {
namespace {

using Values = std::vector<stats::ClusteredValue>;

// The outcomes as 0 and 1, where `holds` says which is 1.
template <class Holds>
Rate RateOf(const PolicyEvidence& policy, const Holds& holds) {
  Values values;
  Rate rate;
  for (const auto& [training_seed, episodes] : policy.episodes) {
    for (const auto& [episode_seed, outcome] : episodes) {
      values.push_back({episode_seed, training_seed, holds(outcome) ? 1.0 : 0.0});
      rate.successes += holds(outcome);
      ++rate.n;
    }
  }
  rate.design_effect = stats::DesignEffect(values);
  rate.interval = stats::WilsonInterval(static_cast<double>(rate.successes) / rate.design_effect,
                                        static_cast<double>(rate.n) / rate.design_effect);
  return rate;
}

Rate SuccessRate(const PolicyEvidence& policy, Metric metric) {
  return RateOf(policy, [&](const EpisodeOutcome& outcome) { return outcome.Success(metric); });
}

stats::PairedCounts Divided(const stats::PairedCounts& counts, double by) {
  return {counts.better / by, counts.worse / by, counts.n / by};
}

double ExactP(const Pairing& pairing) {
  std::map<int64_t, int64_t> sums, magnitudes;
  int64_t sum = 0;
  for (const auto& d : pairing.differences) sums[d.cluster] += std::lround(d.value);
  for (const auto& [episode, of_episode] : sums) {
    if (of_episode != 0) ++magnitudes[std::abs(of_episode)];
    sum += of_episode;
  }
  return stats::ExactPairedP(magnitudes, sum);
}

double ScoreP(const stats::PairedCounts& counts) {
  return std::min(1.0, 2 * stats::NormalTail(std::abs(stats::PairedScore(counts, 0))));
}

SequentialResult Watch(const Pairing& pairing, int64_t family) {
  constexpr double kMostLogE = 27.6;  // 1e12
  stats::SequentialTest test(kLevel, family);
  for (const double d : pairing.in_order) test.Add(d);
  return {.verdict = test.verdict(),
          .stopped_at = test.stopped_at(),
          .about_more = test.ExpectedMore(),
          .episodes = test.episodes(),
          .waiting = pairing.waiting,
          .e_for_b = std::exp(std::min(test.log_e_b(), kMostLogE)),
          .e_for_a = std::exp(std::min(test.log_e_a(), kMostLogE)),
          .threshold = std::exp(test.log_threshold())};
}

// `discordant` of n pairs; of two independent rates: how often one would succeed and the other fail.
Power PowerOf(double discordant, double n, double design_effect, const CompareOptions& options) {
  Power power{.delta = options.power_delta.value_or(kUsualDelta), .discordance = discordant / n};
  power.discordance_interval = stats::WilsonInterval(discordant / design_effect, n / design_effect);
  const auto needed = [&](double discordance) {
    return static_cast<int64_t>(
        std::ceil(static_cast<double>(stats::PairsNeeded(power.delta, discordance, kPower)) * design_effect));
  };
  power.needed = needed(power.discordance);
  power.needed_at_most = needed(power.discordance_interval.high);
  const auto effective = std::max<int64_t>(1, static_cast<int64_t>(n / design_effect));
  power.detectable = stats::DetectableDifference(effective, power.discordance, kPower);
  power.enough = n >= static_cast<double>(power.needed);
  return power;
}

void ComparePairs(const Pairing& pairing, const CompareOptions& options, Comparison& c) {
  const stats::PairedCounts counts = pairing.counts();
  c.pairs = c.n_a = c.n_b = std::lround(counts.n);
  c.better = std::lround(counts.better), c.worse = std::lround(counts.worse);
  c.episodes = pairing.episodes, c.training_seeds = pairing.strata;
  c.difference = counts.difference();
  c.design_effect = stats::DesignEffect(pairing.differences);
  const stats::PairedCounts effective = Divided(counts, c.design_effect);
  c.interval = stats::PairedInterval(effective, 1 - kLevel);
  c.corrected_interval = stats::PairedInterval(effective, 1 - kLevel / static_cast<double>(c.family));
  c.is_exact = pairing.strata_match;
  c.p = c.is_exact ? ExactP(pairing) : ScoreP(effective);
  c.over_training_seeds = stats::TrainingSeedsInterval(pairing.differences, 1 - kLevel);
  c.sequential = Watch(pairing, c.family);
  if (options.margin) {
    c.non_inferiority = NonInferiority{*options.margin, stats::NonInferiorityP(effective, *options.margin), 1};
  }
  c.power = PowerOf(counts.better + counts.worse, counts.n, c.design_effect, options);
}

stats::RateCounts Effective(const Rate& rate) {
  const auto n = std::max<int64_t>(1, std::lround(static_cast<double>(rate.n) / rate.design_effect));
  return {std::min(n, std::lround(static_cast<double>(rate.successes) / rate.design_effect)), n};
}

Decision DecisionOf(const Comparison& c, const CompareOptions& options) {
  using Verdict = stats::SequentialTest::Verdict;
  if (options.sequential) {
    if (!c.sequential) return Decision::kNotDecided;
    if (c.sequential->verdict == Verdict::kBIsBetter) return Decision::kBetter;
    if (c.sequential->verdict == Verdict::kAIsBetter) return Decision::kWorse;
    return Decision::kNotDecided;
  }
  if (c.corrected_p <= kLevel && c.difference != 0) return c.difference > 0 ? Decision::kBetter : Decision::kWorse;
  // Below the number of episodes that was asked for, absence of a difference shows nothing.
  const bool enough = !options.power_delta || c.power.enough;
  if (enough && c.non_inferiority && c.non_inferiority->corrected_p <= kLevel / 2) return Decision::kNotWorse;
  return Decision::kNotDecided;
}

}  // namespace

const char* DecisionName(Decision decision) {
  switch (decision) {
    case Decision::kBetter: return "better";
    case Decision::kWorse: return "worse";
    case Decision::kNotWorse: return "not-worse";
    case Decision::kNotDecided: return "not-decided";
  }
  HEDDLE_DEMAND(false);
}

PolicySummary Summarise(const PolicyEvidence& policy) {
  PolicySummary summary{.label = policy.label};
  summary.any = SuccessRate(policy, Metric::kSuccessAny);
  summary.end = SuccessRate(policy, Metric::kSuccessEnd);
  for (const auto& [training_seed, episodes] : policy.episodes) {
    summary.training_seeds += training_seed != kNoTrainingSeed;
    for (const auto& [episode_seed, outcome] : episodes) {
      if (outcome.failure != "none") summary.failures.try_emplace(outcome.failure);
    }
  }
  for (auto& [label, rate] : summary.failures) {
    rate = RateOf(policy, [&, &name = label](const EpisodeOutcome& outcome) { return outcome.failure == name; });
  }
  return summary;
}

Comparison CompareTwo(const PolicyEvidence& a, const PolicyEvidence& b, bool may_pair, int64_t family,
                      const CompareOptions& options) {
  std::string note = "episodes of the two begin differently";
  const bool of_checkpoints = a.example.policy.training && b.example.policy.training;
  if (may_pair) {
    const Pairing pairing = PairUp(a, b, options.metric);
    if (!pairing.differences.empty()) {
      Comparison c{.a = a.label, .b = b.label, .note = pairing.note, .family = family};
      c.of_checkpoints = of_checkpoints;
      c.without_partner_a = pairing.without_partner_a, c.without_partner_b = pairing.without_partner_b;
      ComparePairs(pairing, options, c);
      return c;
    }
    note = pairing.note.empty() ? "no episode seed is common to both" : pairing.note;
  }
  Comparison c = CompareUnpaired(a.label, SuccessRate(a, options.metric), b.label, SuccessRate(b, options.metric),
                                 family, options);
  c.note = note;
  c.of_checkpoints = of_checkpoints;
  return c;
}

Comparison CompareUnpaired(const std::string& label_a, const Rate& a, const std::string& label_b, const Rate& b,
                           int64_t family, const CompareOptions& options) {
  Comparison c{.a = label_a, .b = label_b, .is_paired = false, .family = family};
  c.n_a = a.n, c.n_b = b.n;
  c.pairs = std::min(a.n, b.n);
  c.difference = b.rate() - a.rate();
  c.design_effect = std::max(a.design_effect, b.design_effect);
  const stats::RateCounts of_a = Effective(a), of_b = Effective(b);
  c.interval = stats::UnpairedInterval(of_a, of_b, 1 - kLevel);
  c.corrected_interval = stats::UnpairedInterval(of_a, of_b, 1 - kLevel / static_cast<double>(c.family));
  c.p = stats::BoschlooP(of_a, of_b);
  c.is_exact = c.design_effect == 1;
  if (options.margin) {
    c.non_inferiority = NonInferiority{*options.margin, stats::UnpairedNonInferiorityP(of_a, of_b, *options.margin), 1};
  }
  const double discordance = a.rate() * (1 - b.rate()) + b.rate() * (1 - a.rate());
  const auto n = static_cast<double>(c.pairs);
  c.power = PowerOf(discordance * n, n, c.design_effect, options);
  return c;
}

void Decide(std::vector<Comparison>& comparisons, const CompareOptions& options) {
  std::vector<double> p, inferior;
  for (const Comparison& c : comparisons) {
    p.push_back(c.p);
    inferior.push_back(c.non_inferiority ? c.non_inferiority->p : 1);
  }
  const auto family = comparisons.empty() ? 0 : comparisons.front().family;
  const std::vector<double> corrected = stats::HolmP(p, family), corrected_inferior = stats::HolmP(inferior, family);
  for (size_t i = 0; i < comparisons.size(); ++i) {
    Comparison& c = comparisons[i];
    c.corrected_p = corrected[i];
    if (c.non_inferiority) c.non_inferiority->corrected_p = corrected_inferior[i];
    c.decision = DecisionOf(c, options);
  }
}

}  // namespace heddle::eval
