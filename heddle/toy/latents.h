// The latents of the sweep's nets, for calibrating what tells regimes apart: cases whose truth is known by behaviour.
//
// z of an input is the activation after the first (`shallow`) or the last (`deep`) hidden layer, averaged over one
// fixed set of (diffusion time, noised output) pairs that is the same for every input and net: a function of the
// observation alone. Inputs are the evaluation grid once at the source's height and once at the target's.
#pragma once

#include <filesystem>

#include "heddle/toy/sweep.h"

namespace heddle::toy {

// For each complete net of the grid (not target-only) two safetensors files in `folder`,
// `seed<S>_dz<i>_w<j>_<shallow|deep>.safetensors`, with `z` [n, width] float32, `domain` [n] int64 (0 source, 1
// target), `input` [n, 3] and `action` [n, 2] (the right output there), and `cases.json`: for each pair its Δz, w,
// seed, regime and the numbers that the regime was told by. Files appear whole or not at all, cases.json last; what an
// earlier run left in the folder is removed first. Returns the number of cases: fewer if `stop` cut it short.
int WriteLatents(const Sweep& sweep, const std::filesystem::path& folder, const StopFlag& stop);

}  // namespace heddle::toy
