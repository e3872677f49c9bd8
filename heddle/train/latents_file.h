// The latents of the held-out windows, at a step of training: latents/NNNNNNN.safetensors, as
// heddle/policy/latents_file.h says, with the label `source`; `condition` is each row's
// own label, as in training; `effect` is measured from the label that the card acts under.
#pragma once

#include <filesystem>

#include "heddle/train/holdout.h"

namespace heddle::train {

// False, and no file, if it was stopped, which is asked before each batch.
bool WriteLatents(const std::filesystem::path& file, RunSetup& setup, const Holdout& holdout, const HoldoutPass& pass,
                  int64_t step, const Stopped& stopped);

}  // namespace heddle::train
