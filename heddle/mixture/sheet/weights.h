// With which weight each source of a sheet is drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/sheet.h"
#include "heddle/theory/ratio_guideline.h"

namespace heddle::mixture {

// Of one source: what is trained on. Windows at the mixture's rate.
struct SourceSize {
  int64_t windows = 0, episodes = 0;
  int64_t holdout_episodes = 0;
};

struct SheetWeights {
  std::vector<double> weights;  // one a source, 1 in sum
  double w = 0;                 // the target's of it
  // Over the surrogates that are drawn at all, a large gap that the sheet states taken into account; nothing where
  // there is no surrogate, or no target.
  std::optional<theory::RatioGuideline> guideline;
  std::string reason;  // one sentence: where w is from
};

// The factor on the odds of both ends of the guideline's range that the gaps stated in the sheet come to: of each
// surrogate 1 where no axis is large, 2 where one is, 3 where several are; their geometric mean, by windows. That the
// range moves up with the gap is the paper's; by how much is our choice (docs/reference/mixture.md).
double GapOdds(const Sheet& sheet, const std::vector<SourceSize>& sizes);

// `w` given: the target's sources have w in sum, in proportion to their numbers in the sheet, else to their windows;
// surrogate domains share 1 - w in proportion to their numbers, where they have any, else by size^tau, each domain's
// among its sources by windows. Not given: the numbers of the sheet, where all sources have one; where the target's is
// auto, w is the geometric middle of the guideline's range. A source of weight 0, and one of weight auto of which no
// episode is trained on, is not drawn. Usage errors with the sheet's line.
SheetWeights WeighSources(const Sheet& sheet, const std::vector<SourceSize>& sizes, std::optional<double> w,
                          double tau);

}  // namespace heddle::mixture
