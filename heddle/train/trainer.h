// A whole run: from wherever it stands to its end, in one folder. Running it again goes on; killed at any moment, it
// ends with the same weights, bit for bit, on a CPU with the same number of threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"
#include "heddle/train/read_run.h"

namespace heddle::train {

// So many steps on end whose loss is not finite stop the run.
inline constexpr int64_t kMostSkippedOnEnd = 10;

inline constexpr int64_t kMemoryEvery = 50;

struct TrainProgress {
  int64_t step = 0;  // done
  double loss = 0, step_ms = 0, wait_ms = 0;
  double memory_mb = 0;  // resident, as it was at most kMemoryEvery steps ago
  double left_s = 0;     // until the end, validations counted in
  // What is to be told, each once: of licenses, of an objective, of a skipped step.
  std::vector<std::string> notes;
};

struct TrainOutcome {
  std::filesystem::path folder, checkpoint;
  int64_t first_step = 0, step = 0;  // where this call began, and where the run stands
  int64_t skipped = 0;
  bool stopped = false;  // before its end: the last checkpoint has all steps done
  double seconds = 0;
};

// `progress` is told of each step, before the validation and the checkpoint that are due behind it. A stop is looked at
// between steps and between the batches of a validation, which then is abandoned, and made whole where training goes
// on. `until`: stops there as if it had been asked to (0: goes to its end). kUsage, kInput as reading and binding say;
// kSystem for a full disk, with the last checkpoint whole.
TrainOutcome Train(const RunFile& run, const std::filesystem::path& folder, const ThreadBudget& budget,
                   const std::string& code_version, const StopFlag& stop,
                   const std::function<void(const TrainProgress&)>& progress, int64_t until = 0);

}  // namespace heddle::train
