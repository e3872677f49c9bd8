// Steps whose loss or gradient is not finite: what is told of them, and what is left behind where they stop the run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "heddle/train/step.h"

namespace heddle::train {

struct NotFiniteStep {
  int64_t step = 0;                    // done
  std::string what = "loss";           // or "gradient"
  std::vector<std::string> rows = {};  // "sim episode 3 frame 12": those that are not finite; of a gradient all
  bool all = false;                    // every row of the batch is not finite
};

NotFiniteStep NotFiniteStepOf(const RunSetup& setup, const StepReport& report, int64_t step);

// "step 12 skipped: its loss is not finite; all 64 rows: the weights, not the data".
std::string NoteOf(const NotFiniteStep& step);

nlohmann::ordered_json ToJson(const std::vector<NotFiniteStep>& steps);
// kInput, naming the place, for anything else.
std::vector<NotFiniteStep> NotFiniteStepsFromJson(const nlohmann::ordered_json& json, const std::string& place);

// Writes not_finite.json into the run's folder and throws kInput: so many steps on end, these.
[[noreturn]] void StopForNotFinite(const std::filesystem::path& folder, const std::vector<NotFiniteStep>& on_end);

}  // namespace heddle::train
