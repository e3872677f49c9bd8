// w over the training: the options' points or stages as the target's share from step to step.
#pragma once

#include <cstdint>
#include <vector>

#include "heddle/mixture/weight_stages.h"
#include "heddle/train/run_options.h"

namespace heddle::train {

// Empty where w is constant; else by rising first step, the first at 0. Stages that begin in one step count as the last
// of them.
std::vector<mixture::ShareStage> SharesOf(const ScheduleOptions& schedule, int64_t steps);

}  // namespace heddle::train
