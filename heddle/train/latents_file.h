// The latents of the held-out windows, at a step of training: latents/NNNNNNN.safetensors, as
// heddle/policy/latents_file.h says, with the label `source`; `condition` is what each row was told, and `effect` is
// measured under the card's labels.
#pragma once

#include <filesystem>

#include "heddle/train/holdout.h"

namespace heddle::train {

void WriteLatents(const std::filesystem::path& file, RunSetup& setup, const Holdout& holdout, const HoldoutPass& pass,
                  int64_t step);

}  // namespace heddle::train
