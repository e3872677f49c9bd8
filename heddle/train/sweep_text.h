// A search in words.
#pragma once

#include <string>

#include "heddle/train/sweep_record.h"

namespace heddle::train {

std::string SweepText(const SweepOutcome& outcome, const SweepOver& over);

}  // namespace heddle::train
