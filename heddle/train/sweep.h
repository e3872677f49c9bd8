// Searching one option of a run, w above all, by successive halving.
//
// All candidates train a quarter of the way; those whose held-out target actions are told worst are left, half of them,
// and again at half of the way; the rest, two at least, train to their end. Where a task is given, the last word has
// closed-loop success among those that came to the end, else the held-out error; where no target episode is held out
// but a task is given, all train to their end. A candidate that is left keeps its folder and can be gone on with:
// learning rates follow the whole run from the start.
//
//   DIR/sweep.json              what was tried, each rung's scores, the best (heddle/train/sweep_record.h)
//   DIR/trials/KEY=VALUE/       a run each (heddle/train/run_folder.h)
//
// The same command goes on with a sweep that was stopped; one with other values adds them to what is there, and the
// best is chosen among all that came to the end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"
#include "heddle/train/sweep_candidates.h"
#include "heddle/train/sweep_record.h"

namespace heddle::train {

// A step of a candidate.
struct SweepProgress {
  std::string name;
  size_t place = 0, of = 0;     // the place among this rung's candidates, from 1
  int64_t step = 0, until = 0;  // until: where the rung ends
  double loss = 0;
};

struct SweepPlan {
  SweepSpec spec;
  // Success of a finished run in closed loop, nothing when it was stopped; may be empty.
  std::function<std::optional<double>(const std::filesystem::path& run)> evaluate = {};
  std::string evaluated_on = "the tuning episodes";
  std::function<void(const std::string& line)> told = {};         // scores, and the trainings' notes once each
  std::function<void(const SweepProgress& progress)> moved = {};  // after each step
};

// Usage errors before the first training: a value that can't be trained with, a folder with trials of another run, and
// a target without held-out actions where there is no task either.
SweepOutcome Sweep(const SweepPlan& plan, const ThreadBudget& budget, const std::string& code_version,
                   const StopFlag& stop);

}  // namespace heddle::train
