// What `heddle compare` is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace heddle::eval {

enum class Metric { kSuccessAny, kSuccessEnd };
const char* MetricName(Metric metric);  // "success_any", "success_end"

// Errors over both directions together; every interval has 1 - kLevel.
inline constexpr double kLevel = 0.05;
// The power that "enough episodes" means.
inline constexpr double kPower = 0.8;
// The difference that decides whether there are too few trials, where none is given.
inline constexpr double kUsualDelta = 0.1;

struct CompareOptions {
  Metric metric = Metric::kSuccessAny;
  std::string over = {};                   // the field that is meant to differ; empty: found, if one explains all
  std::string baseline = {};               // label of the policy that the others are held against; empty: the first
  std::optional<double> margin = {};       // in (0, 1): is B worse by less than this?
  std::optional<double> power_delta = {};  // in (0, 1]: the difference that is to be found
  int64_t picked_best_of = 1;              // B was picked from so many on these same episodes
  bool sequential = false;                 // the verdict is the sequential test's
  std::string command = {};                // as it was typed, for the claim
};

}  // namespace heddle::eval
