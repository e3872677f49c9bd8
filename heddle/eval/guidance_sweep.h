// heddle eval --sweep: one checkpoint, several lambdas, the same episodes; nothing is trained.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "heddle/eval/compare/comparison.h"
#include "heddle/eval/evaluation.h"

namespace heddle::eval {

// "guidance=-1,-0.5,0,0.5": 0 first, as the others are held against it, then the others as they stand; it is added
// where it is not named. Usage error for anything else: another name, no number, a number twice, beyond -10 .. 10.
std::vector<double> ReadGuidanceSweep(const std::string& setting);

struct SweptGuidance {
  double lambda = 0;
  EvaluationOutcome outcome;
  PolicySummary summary;
};

struct GuidanceSweep {
  std::vector<SweptGuidance> values;     // lambda 0 first; a stopped sweep has fewer
  std::vector<Comparison> against_zero;  // of values[1] and behind, on the same episodes; p corrected for all of them
  bool stopped = false;

  const SweptGuidance& Best() const;  // of most successes at any step; of several the one nearest to 0
};

struct SweepPlan {
  std::vector<double> lambdas;                      // of ReadGuidanceSweep
  std::function<void(double lambda)> set_guidance;  // of the actor
};

// The rows of all values go into folder/evidence.jsonl, and what is there is not run again: Evaluate, once a lambda.
GuidanceSweep SweepGuidance(const sim::WorldKind& kind, Actor& actor, const SweepPlan& sweep,
                            const EvaluationPlan& plan, const std::filesystem::path& folder, const ThreadBudget& budget,
                            const StopFlag& stop,
                            const std::function<void(const contract::EvidenceRow& row)>& episode_done);

// A table; how the best is taken (heddle policy set), and what that pick is worth. `policy`: as it was named.
std::string SweepText(const GuidanceSweep& sweep, const sim::WorldKind& kind, const std::string& policy,
                      const std::filesystem::path& folder);
nlohmann::ordered_json SweepJson(const GuidanceSweep& sweep, const std::filesystem::path& folder);

}  // namespace heddle::eval
