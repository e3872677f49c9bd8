// How far a source is from the target, without training: what `heddle mix suggest` proposes for the key `gap`.
//
//   visual      the distance of frozen random features of sampled pictures (heddle/mixture/sheet/picture_features.h) of
//               a camera that both have
//   physics     a linear model of the next state's change from state, its last change and the last three actions,
//               fitted on the source: its squared error on the target, as a multiple of that of the target's own model
//   perception  the same for the action from all that is observed (do the same observations ask for the same action),
//               by what it has beyond the next state's; and how much noisier one side's observations beside the state
//               are, in shares of their spread
//   embodiment  none where the body is the same, else large
//
// Models are fitted on as many rows of each side and tested on episodes that they have not seen, both ways round. Noise
// is the median of the second differences, over sqrt(6). These are proposals: what the sheet states goes before them,
// and nothing is shifted unless the sheet states it. The levels' bounds below were set on the simulated gaps; a bias
// that is a fixed function of the pose is not seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/bind_sheet.h"

namespace heddle::mixture {

struct GapMeasure {
  GapAxis axis = GapAxis::kVisual;
  std::optional<double> value;  // nothing where it can't be measured
  std::optional<GapLevel> level;
  std::string how;  // what was compared, or why nothing could be
};

struct GapProbeOptions {
  int64_t episodes = 12;           // of each source whose pictures are looked at, spread evenly
  int64_t pictures = 6;            // of each of them
  int64_t regression_rows = 4000;  // of each half
};

inline constexpr double kSmallVisual = 0.02, kLargeVisual = 0.5;
inline constexpr double kSmallRatio = 1.2, kLargeRatio = 1.4;  // physics, and perception's actions
inline constexpr double kSmallNoise = 0.002, kLargeNoise = 0.02;

// All four axes, of one source of the sheet that is not of the target's domain. Training episodes only. What reading
// datasets throws.
std::vector<GapMeasure> ProbeGap(const Sheet& sheet, const BoundSheet& bound, size_t source,
                                 const GapProbeOptions& options);

}  // namespace heddle::mixture
