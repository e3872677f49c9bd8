// What a run would take.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/train/read_run.h"

namespace heddle::train {

struct SourcePlan {
  std::string name, domain;
  double share = 0, passes = 0;  // of all samples of the training; over its windows, until the end
  int64_t windows = 0, episodes = 0;
};

struct TrainPlan {
  int64_t steps = 0, parameters = 0;
  double step_ms = 0, seconds = 0;
  double memory_mb = 0;  // the most that the trial had
  double disk_mb = 0;    // checkpoints and latents
  double w = 0;          // the mean over the training
  std::string w_reason;
  std::vector<SourcePlan> sources;
};

// What the run would take, from 20 steps that are thrown away. Writes nothing.
TrainPlan PlanRun(const RunFile& run, const ThreadBudget& budget);

}  // namespace heddle::train
