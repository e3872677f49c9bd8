// The latents of the held-out windows, as heddle diagnose reads them: latents/NNNNNNN.safetensors.
//
//   z, shallow   [n, d]      domain, episode, frame, source   int64 [n]
//   action       [n, H * A]  the demonstrated chunk, normalised; absent where the row has none (0)
//   condition    int64 [n, K], the labels that the head is given; effect [n]: how far the sampled action moves when the
//   first of them is swapped for the next value (root mean square, normalised units); 0 where there is none
//   metadata: step, layers, domains, conditions
#pragma once

#include <filesystem>

#include "heddle/train/holdout.h"

namespace heddle::train {

void WriteLatents(const std::filesystem::path& file, RunSetup& setup, const Holdout& holdout, const HoldoutPass& pass,
                  int64_t step);

}  // namespace heddle::train
