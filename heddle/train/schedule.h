// w over the training: the options' points or stages as the target's share from step to step.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/mixture/weight_stages.h"
#include "heddle/train/run_options.h"

namespace heddle::train {

// Empty where w is constant; else by rising first step, the first at 0. Stages that begin in one step count as the last
// of them.
std::vector<mixture::ShareStage> SharesOf(const ScheduleOptions& schedule, int64_t steps);

// Of each source, the mean over the steps. `stages`: the first at 0, each with as many weights, 1 in sum.
std::vector<double> MeanWeights(const std::vector<mixture::WeightStage>& stages, int64_t steps);

// "w in stages: 0.8 from 0, 0.1 from 0.5", by shares of the training; "w on a ramp: 0 at 0, 0.4 at 1"; "" where w is
// constant.
std::string ScheduleText(const ScheduleOptions& schedule);

}  // namespace heddle::train
