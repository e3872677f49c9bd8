// How far a source is from the target, without training: what `heddle mix suggest` proposes for the key `gap`.
//
//   visual      the distance of features of sampled pictures of a camera that both have: those of a given encoder, or
//               of a net with fixed random weights (heddle/mixture/sheet/picture_encoder.h)
//   physics     a linear model of the next state's change from state, its last change and the last three actions,
//               fitted on the source: its squared error on the target, as a multiple of that of the target's own model
//   perception  the same for the action from all that is observed (do the same observations ask for the same action),
//               by what it has beyond the next state's; and how much noisier one side's observations beside the state
//               are, in shares of their spread
//   embodiment  none where the body is the same, else large
//
// Models are fitted on as many rows of each side and tested on episodes that they have not seen, both ways round. Noise
// is the median of the second differences, over sqrt(6). These are proposals: what the sheet states goes before them,
// and nothing is shifted unless the sheet states it. The levels' bounds (gap_measure.h) were set on the
// simulated gaps, those of pictures with the random features; a bias
// that is a fixed function of the pose is not seen.
#pragma once

#include <vector>

#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/sheet/gap_measure.h"

namespace heddle::mixture {

// All four axes, of one source of the sheet that is not of the target's domain. Training episodes only. What reading
// datasets throws.
std::vector<GapMeasure> ProbeGap(const Sheet& sheet, const BoundSheet& bound, size_t source,
                                 const GapProbeOptions& options);

}  // namespace heddle::mixture
