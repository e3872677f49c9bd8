#include "heddle/eval/compare/counts_doubts.h"

#include "heddle/eval/compare/wording.h"

namespace heddle::eval {
namespace {

using State = Doubt::State;

Doubt Picked(const Comparison& c, const CompareOptions& options) {
  if (options.picked_best_of > 1) {
    return {"picked", State::kClear, "corrected for a pick from " + std::to_string(c.family)};
  }
  if (c.family > 1) return {"picked", State::kClear, "corrected for " + std::to_string(c.family) + " comparisons"};
  return {"picked", State::kUnknown, "from how many candidates each was picked"};
}

Doubt TooFew(const Comparison& c) {
  const Power& power = c.power;
  const std::string need = std::to_string(power.needed) + " each would find a difference of " +
                           PlainNumber(power.delta) + " four times in five";
  if (power.enough) return {"too-few", State::kClear, NumberOfTrials(c) + ", enough: " + need};
  return {"too-few", State::kFound, "too few trials: " + NumberOfTrials(c) + ", and " + need};
}

std::vector<Doubt> DoubtsOf(const Comparison& c, const CompareOptions& options) {
  return {
      TooFew(c),
      Picked(c, options),
      {"not-at-the-end", State::kUnknown, "whether successes last until the end"},
      {"tuning-seeds", State::kUnknown, "whether the same resets were seen in tuning"},
      {"target-passes", State::kUnknown, "whether both passed over the target as often"},
      {"several-causes", State::kUnknown, "whether one thing differs"},
      {"training-seeds", State::kUnknown, "how many training runs stand behind each count"},
      {"peeking", State::kUnknown, "whether the number of trials was fixed beforehand"},
  };
}

}  // namespace

Verdict CountsVerdict(const Comparison& comparison, const EvidenceSource& source, const CompareOptions& options) {
  Verdict verdict{.comparison = comparison, .doubts = DoubtsOf(comparison, options), .claim = {}};
  verdict.claim = {
      .changed = comparison.a + " -> " + comparison.b + ", as published; what else differs is not known",
      .reproduce = options.command + "; counts sha256 " + source.sha256.substr(0, 12),
      .could_fool = CouldFoolLine(verdict.doubts),
      .backed_by = NumberOfTrials(comparison) + " (" + source.file + "); no rows, no data seals",
  };
  return verdict;
}

}  // namespace heddle::eval
