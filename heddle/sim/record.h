// Demonstrations of a scripted expert as a LeRobot v3.0 dataset, tagged and annotated.
//
// Attempts are numbered; attempt k begins from episode seed first_seed + k, and the k-th strategy of the plan's in
// turn. Those that end in success become episodes, in the order of the attempts. What each attempt came to is one line
// of meta/heddle/attempts.jsonl, whose first line is the plan. Everything is a function of the plan: the number of
// threads changes nothing, and a recording that was stopped or killed goes on, with the same call, to the same bytes.
//
// Labels: of the dataset domain, task, gap, embodiment, by "sim"; of each episode strategy, seed and success; of its
// stages, on level subtask, key "stage".
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"
#include "heddle/sim/demonstration.h"
#include "heddle/sim/world_spec.h"

namespace heddle::sim {

struct RecordPlan {
  WorldSpec world;
  std::vector<std::string> strategies;  // in turn, one an attempt; empty: the task's default
  std::string domain;                   // label of the dataset
  int64_t demos = 50;                   // episodes
  uint64_t first_seed = 0;
  FramePlan frames;
};

struct RecordOutcome {
  int64_t episodes = 0, frames = 0, attempts = 0;
  bool stopped = false;  // before all were there; the same call goes on
};

// Usage error for a folder that holds another dataset or one of another plan (the field is named), for strategies,
// cameras, gaps and tasks that there are not; kInput if too few attempts succeed to be worth going on: none of 20, or
// less than a tenth.
RecordOutcome RecordDemonstrations(const RecordPlan& plan, const std::filesystem::path& folder,
                                   const ThreadBudget& budget, const StopFlag& stop,
                                   const std::function<void(const std::string& note)>& episode_done);

}  // namespace heddle::sim
