// A review of a mixture sheet before anything is trained: what is refused, what costs, and what is drawn how often.
//
// The sampling weight and the passes over the data always stand side by side: a small weight on a small dataset still
// shows it many times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/finding.h"
#include "heddle/mixture/sheet/sheet.h"
#include "heddle/mixture/sheet/terms.h"
#include "heddle/mixture/sheet/weights.h"

namespace heddle::mixture {

struct ReviewOptions {
  int64_t steps = 20'000;  // of training, that passes are counted for
  int64_t batch_size = 64;
  std::optional<double> w = std::nullopt;  // in place of the sheet's
};

inline constexpr double kTooManyPasses = 400;

// What share of all that is drawn, and of all windows, has which labels.
struct ReviewBucket {
  std::string name;  // "labelled", "weak", "synthetic", "unknown", "no actions"
  double drawn = 0, windows = 0;
};

struct SheetReview {
  std::vector<SheetFinding> findings;  // refused first, then warnings, then notes; in the sheet's order
  SheetTerms terms;
  // Where the sheet binds to its datasets; empty else.
  double control_hz = 0;
  std::vector<SourceSize> sizes;
  std::optional<SheetWeights> weights;
  std::vector<double> passes;  // over each source's training windows, in all steps
  std::vector<ReviewBucket> buckets;

  bool is_refused() const;
};

// Never throws for what the sheet or its datasets have wrong: that is the review.
SheetReview ReviewSheet(const Sheet& sheet, const ReviewOptions& options);

// How often a source's windows are gone through when it has this share of what is drawn.
double PassesOver(const SourceSize& size, double share, const ReviewOptions& options);

}  // namespace heddle::mixture
