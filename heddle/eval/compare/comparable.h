// Whether the policies of an evidence set may be compared, and over which field.
#pragma once

#include <string>
#include <vector>

#include "heddle/contract/evidence_compare.h"
#include "heddle/eval/compare/evidence_set.h"

namespace heddle::eval {

// Two policies whose rows can't be compared. An answer, no error.
struct Refusal {
  std::string a = {}, b = {};                               // labels
  std::vector<contract::FieldDifference> differences = {};  // that may not differ, or that have no one cause
  std::string mend = {};
};

struct Comparability {
  std::string over = {};  // the field that differs; empty if there is one policy
  // For each policy but the baseline (policies[0]): how it differs from it, `over` and what followed from it.
  std::vector<std::vector<contract::FieldDifference>> changes = {};
  std::vector<Refusal> refusals = {};
};

// `over` as the user gave it, or empty. Gives the policies labels by the field that differs and moves the baseline to
// the front; a usage error, with the labels, if there is no such baseline.
Comparability MakeComparable(std::vector<PolicyEvidence>& policies, const std::string& over,
                             const std::string& baseline);

}  // namespace heddle::eval
