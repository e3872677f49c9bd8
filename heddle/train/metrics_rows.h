// The rows of metrics.jsonl (docs/reference/training.md).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "heddle/train/holdout.h"
#include "heddle/train/pace.h"
#include "heddle/train/step.h"

namespace heddle::train {

// `kind: train`. `typical`: of the steps since the last row.
nlohmann::ordered_json TrainRow(const RunSetup& setup, const StepReport& report, int64_t step,
                                const Pace::Typical& typical, double memory_mb);

// `kind: holdout`.
nlohmann::ordered_json HoldoutRow(const RunSetup& setup, const HoldoutPass& pass, int64_t step);

}  // namespace heddle::train
