// In which ratio to mix: the balanced range for a sheet, why, and what it would show of each domain how often.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/gap_probe.h"
#include "heddle/mixture/sheet/review.h"

namespace heddle::mixture {

struct SuggestOptions {
  ReviewOptions training;  // what passes are counted for; its w is not looked at
  bool measure = true;     // propose gaps
  GapProbeOptions probe;
};

// Of one source: what the sheet states of its gap, and what is proposed.
struct SourceGap {
  size_t source = 0;
  std::vector<GapMeasure> measures;
};

// One end of the range, or the sheet's own w.
struct SuggestedRatio {
  double w = 0;
  std::vector<double> weights, passes;  // one a source
};

struct RatioSuggestion {
  std::vector<SourceSize> sizes;
  theory::RatioGuideline guideline;                // without any shift
  std::optional<theory::RatioGuideline> stated;    // with the gaps that the sheet states, where they shift it
  std::optional<theory::RatioGuideline> proposed;  // with the proposals, too, where they shift it further
  double stated_odds = 1, proposed_odds = 1;
  SuggestedRatio low, high, now;  // of `stated` where it is there, else of `guideline`; and what the sheet gives
  std::vector<SourceGap> gaps;    // of surrogates
  std::string reason;             // one paragraph

  const theory::RatioGuideline& range() const { return stated ? *stated : guideline; }
};

// Usage errors as BindSheet's; one where there is no surrogate, or no target, to mix.
RatioSuggestion SuggestRatio(const Sheet& sheet, const SuggestOptions& options);

std::string SuggestionText(const Sheet& sheet, const RatioSuggestion& suggestion, const SuggestOptions& options);
nlohmann::ordered_json SuggestionJson(const Sheet& sheet, const RatioSuggestion& suggestion,
                                      const SuggestOptions& options);

}  // namespace heddle::mixture
