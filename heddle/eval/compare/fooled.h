// What could make a verdict look better than it is: each thing is looked for in the rows.
#pragma once

#include <string>
#include <vector>

#include "heddle/eval/compare/comparable.h"
#include "heddle/eval/compare/comparison.h"

namespace heddle::eval {

struct Doubt {
  enum class State {
    kClear,    // looked for, not there
    kFound,    // it is so
    kUnknown,  // the rows don't say
  };
  std::string code = {};  // stable: "picked", "not-at-the-end", "tuning-seeds", ...
  State state = State::kClear;
  std::string what = {};  // one clause, with its numbers
};
const char* StateName(Doubt::State state);  // "clear", "found", "unknown"

// What a verdict rests on beside its own numbers.
struct VerdictContext {
  const EvidenceSet& set;
  const Comparability& comparability;
  const PolicyEvidence &a, &b;
  const Comparison& comparison;
  size_t place = 0;  // of the comparison: changes[place]
  const CompareOptions& options;
};

std::vector<Doubt> LookForDoubts(const VerdictContext& context);

}  // namespace heddle::eval
