// Would the guideline have found a good ratio in what the paper published?
//
// The paper sweeps w in nine settings (three tasks by three gaps, N = 50 and M = 3000 demonstrations). For each, the
// guideline's range is laid over the published points: the best point inside it, the best of all, and the regret, which
// is what a search inside the range alone would have lost.
//
// Compared at three decimals, as the table is printed: its w = .016 is w_n = .0164 rounded, and counts as inside.
// Without rounding the lower end shuts that point out and the regret rises to .075.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "heddle/theory/ratio_guideline.h"

namespace heddle::theory {

// Success rates of co-training in simulation, read off the published plots (±.003), for each w of `w`.
struct PublishedSetting {
  std::string_view task, gap;
  std::array<double, 7> success;
};
struct PublishedSweep {
  std::string_view source;
  double target_demos, source_demos;
  std::array<double, 7> w;
  std::array<PublishedSetting, 9> settings;
};
const PublishedSweep& ThePublishedSweep();

struct Retrodiction {
  double low = 0, high = 0;  // the range, as compared
  double best_w = 0, best = 0;
  double best_inside_w = 0, best_inside = 0;
  double worst_inside = 0;
  double regret = 0;  // best - best_inside
};

// w and success have equal, positive length (kBug otherwise). With decimals >= 0 range, points and regret are rounded
// to so many; a negative number compares them as they are. Throws kInput if no point lies inside.
Retrodiction Retrodict(std::span<const double> w, std::span<const double> success, const RatioGuideline& guideline,
                       int decimals = 3);

// The nine settings, in the order of ThePublishedSweep().
std::vector<Retrodiction> RetrodictPublished(const RatioOptions& options = {}, int decimals = 3);

}  // namespace heddle::theory
