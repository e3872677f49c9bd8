// Searching one option of a run, w above all, by successive halving.
//
// All candidates train a quarter of the way; those whose held-out target actions are told worst are left, half of them,
// and again at half of the way; the rest, two at least, train to their end. Where a task is given, the last word has
// closed-loop success among those that came to the end, else the held-out error. A candidate that is left keeps its
// folder and can be gone on with: learning rates follow the whole run from the start.
//
//   DIR/sweep.json              what was tried, each rung's scores, the best
//   DIR/trials/KEY=VALUE/       a run each (heddle/train/run_folder.h)
//
// The same command goes on with a sweep that was stopped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"
#include "heddle/train/read_run.h"

namespace heddle::train {

struct SweepOver {
  std::string key;                  // "w", "policy.trunk.width"
  std::vector<std::string> values;  // as --set takes them
  std::string reason;               // where they are from
};

// "w=auto": `count` values from end to end of the guideline's range, in equal ratios; "KEY=A,B,C": these. Usage error
// for anything else, or where there is no range.
SweepOver ParseOver(const std::string& text, const RunFile& run, int64_t count);

// How many candidates so many whole trainings pay for, 3 to 5; and how many whole trainings a count of them costs.
int64_t CandidatesFor(double budget);
double CostOf(int64_t candidates);

// Which candidates go on after a rung: the better half, rounded up, and two at least, by score (lower is better; a NaN
// is worst; of equal ones the first).
std::vector<size_t> Survivors(const std::vector<double>& scores);

struct SweepTrial {
  std::string name;  // "w=0.1"
  std::filesystem::path folder;
  std::vector<std::optional<double>> errors;  // held-out target action error at each rung that it reached
  std::optional<double> success;              // of those that came to the end
};

struct SweepOutcome {
  std::vector<SweepTrial> trials;
  std::optional<size_t> best;  // nothing: stopped before the end
  std::string reason;
};

struct SweepPlan {
  std::filesystem::path folder;
  std::string method;
  std::vector<std::string> settings;
  SweepOver over;
  // Success of a finished run in closed loop; may be empty.
  std::function<std::optional<double>(const std::filesystem::path& run)> evaluate;
  std::function<void(const std::string& line)> told;  // what goes on, a line each
};

SweepOutcome Sweep(const std::filesystem::path& file, const SweepPlan& plan, const ThreadBudget& budget,
                   const std::string& code_version, const StopFlag& stop);

// A command for each candidate, to be run to its end anywhere, by a Slurm array say.
std::vector<std::string> SweepCommands(const std::filesystem::path& file, const SweepPlan& plan);

nlohmann::ordered_json SweepJson(const SweepOutcome& outcome, const SweepOver& over);

}  // namespace heddle::train
