// What the rows say of one policy, and of B against A.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/eval/compare/evidence_set.h"
#include "heddle/eval/compare/options.h"
#include "heddle/eval/compare/pairing.h"
#include "heddle/stats/sequential.h"
#include "heddle/stats/summary.h"

namespace heddle::eval {

struct Rate {
  int64_t successes = 0, n = 0;
  stats::Interval interval = {};  // Wilson's, of counts divided by the design effect
  double design_effect = 1;       // above 1 where policies of several training seeds find the same episodes hard

  double rate() const { return static_cast<double>(successes) / static_cast<double>(n); }
};

struct PolicySummary {
  std::string label = {};
  Rate any = {}, end = {};
  std::map<std::string, Rate> failures = {};  // label -> how many episodes; without "none"
  int64_t training_seeds = 0;                 // 0 for a policy that was not trained

  const Rate& Of(Metric metric) const { return metric == Metric::kSuccessAny ? any : end; }
};
PolicySummary Summarise(const PolicyEvidence& policy);

enum class Decision {
  kBetter,      // B is better than A
  kWorse,       // B is worse than A
  kNotWorse,    // B is not worse than A by the margin or more
  kNotDecided,  // everything else: absence of evidence
};
const char* DecisionName(Decision decision);  // "better", "worse", "not-worse", "not-decided"

struct SequentialResult {
  stats::SequentialTest::Verdict verdict = stats::SequentialTest::Verdict::kKeepGoing;
  std::optional<int64_t> stopped_at = {}, about_more = {};  // episode seeds
  int64_t episodes = 0;
  int64_t waiting = 0;              // episode seeds behind one that is not there for both yet
  double e_for_b = 1, e_for_a = 1;  // capped at 1e12
  double threshold = 40;
};

struct NonInferiority {
  double margin = 0, p = 1;
  double corrected_p = 1;  // one-sided: shown from kLevel/2 down
};

struct Power {
  double delta = 0;        // the difference that is to be found
  double discordance = 0;  // share of discordant pairs, and its interval
  stats::Interval discordance_interval = {};
  int64_t needed = 0, needed_at_most = 0;  // pairs, for the share seen and for the interval's upper end
  double detectable = 1;                   // what the pairs that are there find
  bool enough = false;                     // pairs >= needed
};

struct Comparison {
  std::string a = {}, b = {};  // labels
  bool is_paired = true;
  bool of_checkpoints = false;  // both were trained: it holds for these training runs
  std::string note = {};        // how pairs were made
  int64_t pairs = 0;            // unpaired: the smaller of n_a and n_b
  int64_t n_a = 0, n_b = 0;     // episodes of each that were counted
  int64_t better = 0, worse = 0;
  int64_t episodes = 0, training_seeds = 0;
  int64_t without_partner_a = 0, without_partner_b = 0;
  double difference = 0;
  stats::Interval interval = {};
  double design_effect = 1;
  double p = 1, corrected_p = 1;
  bool is_exact = true;  // false where p comes from the score test
  int64_t family = 1;    // what p is corrected for: comparisons, or candidates that B was picked from
  stats::Interval corrected_interval = {};  // at 1 - kLevel/family
  std::optional<stats::Interval> over_training_seeds = {};
  std::optional<SequentialResult> sequential = {};  // paired only
  std::optional<NonInferiority> non_inferiority = {};
  Power power = {};
  Decision decision = Decision::kNotDecided;
};

// B against A without what depends on the other comparisons: `family` is given, p is not corrected and nothing decided
// yet.
Comparison CompareTwo(const PolicyEvidence& a, const PolicyEvidence& b, bool may_pair, int64_t family,
                      const CompareOptions& options);

// The same for two rates of different episodes.
Comparison CompareUnpaired(const std::string& label_a, const Rate& a, const std::string& label_b, const Rate& b,
                           int64_t family, const CompareOptions& options);

// Corrects p over all comparisons and decides each.
void Decide(std::vector<Comparison>& comparisons, const CompareOptions& options);

}  // namespace heddle::eval
