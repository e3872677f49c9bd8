// What is measured on one net (or on the analytic optimum in its place): errors, and what its samples do.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "heddle/toy/world.h"

namespace heddle::toy {

// Squared distance of the samples to the target's true output: the mean over the evaluation grid, over its covered and
// its out-of-distribution part, and the median over the latter.
struct Losses {
  double whole = 0, covered = 0, ood = 0, ood_median = 0;
};

// samples: per_point outputs for each grid point, as SampleNet gives them.
Losses MeasureLosses(const EvaluationGrid& grid, std::span<const float> samples, int per_point);

// What the samples at covered inputs, where both domains' outputs are known, follow. A sample follows the output that
// it is nearer to, if it is nearer than half of the way between the two; a sample that is near neither follows none.
struct Following {
  double source_share = 0;  // of all samples: those that follow the source
  double two_modes = 0;     // of all inputs: those whose samples follow both
};
Following MeasureFollowing(const EvaluationGrid& grid, std::span<const float> samples, int per_point);

// The regime of a cell by its behaviour, never by its Δz:
//   overlapping  the source's outputs come out where the target's are known: two_modes >= kTwoModes or
//                source_share >= kSourceShare
//   structured   else, and the error out of distribution is below target-only's: transfer >= kTransfer
//   disjoint     else: the source changed nothing for the better
enum class Regime { kDisjoint, kStructured, kOverlapping };
std::string RegimeName(Regime regime);

inline constexpr double kTwoModes = 0.05;
inline constexpr double kSourceShare = 0.2;
inline constexpr double kTransfer = 0.1;  // log10: the error falls to less than 80 %

// transfer = log10(target-only's error out of distribution / the cell's), heddle/toy/analysis.h.
Regime NameRegime(double transfer, const Following& following);

}  // namespace heddle::toy
