// What a search found: sweep.json in its folder, which gathers the trials of all searches over the same run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/train/sweep_over.h"

namespace heddle::train {

struct SweepTrial {
  std::string name;  // "w=0.1"
  std::filesystem::path folder;
  std::vector<std::optional<double>> errors;  // held-out target action error at each rung that it reached
  std::optional<double> success;              // of those that came to the end

  bool is_finished() const { return errors.size() == std::size(kRungs); }
};

struct SweepOutcome {
  std::vector<SweepTrial> trials;  // of this search, then those of earlier ones
  std::optional<size_t> best;      // of all that came to their end; nothing: stopped before, or none has a score
  bool stopped = false;
  std::string reason;
};

// `base`: see SweepBase.
nlohmann::ordered_json SweepJson(const SweepOutcome& outcome, const SweepOver& over, const std::string& base);

// The trials of folder/sweep.json but those that are named; none where there is no such file. Usage error if it is of
// another run, kInput if it is no longer what was written.
std::vector<SweepTrial> EarlierTrials(const std::filesystem::path& folder, const std::string& base,
                                      const std::vector<std::string>& but);

// The held-out action error of the target at the last validation up to the step.
std::optional<double> ErrorAt(const std::filesystem::path& run, const std::string& target, int64_t step);

}  // namespace heddle::train
