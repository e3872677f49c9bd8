// heddle compare: policies held against each other on evidence rows.
//
// The first policy is the baseline (A); each of the others is B once. p is corrected over all comparisons by Holm, or
// for the number of candidates that B was picked from, if that is larger.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "heddle/eval/compare/comparable.h"
#include "heddle/eval/compare/comparison.h"
#include "heddle/eval/compare/evidence_set.h"
#include "heddle/eval/compare/fooled.h"
#include "heddle/eval/compare/options.h"

namespace heddle::eval {

// The four lines that every verdict ends with.
struct Claim {
  std::string changed = {}, reproduce = {}, could_fool = {}, backed_by = {};
};

struct Verdict {
  Comparison comparison = {};
  std::vector<Doubt> doubts = {};
  Claim claim = {};
};

struct CompareReport {
  CompareOptions options = {};
  std::string setup = {};                    // in words; of the baseline
  std::string setup_hash = {};               // of the baseline
  std::string over = {};                     // the field that differs; empty for one policy
  std::vector<PolicySummary> policies = {};  // the baseline first
  std::vector<Verdict> verdicts = {};
  std::vector<Refusal> refusals = {};  // if there is one there is no verdict
  std::vector<EvidenceSource> sources = {};
  int64_t tuning_policies = 0;  // set aside

  bool is_refused() const { return !refusals.empty(); }
};

// Usage errors for options that are out of range; those of GatherEvidence and MakeComparable.
CompareReport CompareEvidence(std::span<const std::string> paths, const CompareOptions& options);

// Usage errors for a margin outside (0, 1), a power delta outside (0, 1], picked_best_of < 1.
void CheckOptions(const CompareOptions& options);

// "checked: ..." for what is clear, and what is found or not known, in one line.
std::string CouldFoolLine(std::span<const Doubt> doubts);

}  // namespace heddle::eval
