// Weights that change over training, in stages: what is drawn in a step depends on the step alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::mixture {

// From this step on, until the next stage.
struct WeightStage {
  int64_t first_step = 0;
  std::vector<double> weights;  // one a source, relative
};

// Usage error: no stage, the first not at step 0, steps that do not rise, another number of weights than of sources, a
// weight that is negative or not finite, a stage whose weights are all 0.
void CheckStages(const std::vector<WeightStage>& stages, size_t num_sources);

// The target's share over training.
struct ShareStage {
  int64_t first_step = 0;
  double w = 0;

  friend bool operator==(const ShareStage&, const ShareStage&) = default;
};

inline constexpr int kMaxRampStages = 32;

// w = from before `begin`, to from `end` on, and between them a stair along the line, as even as at most kMaxRampStages
// stages in all allow; a stage has the line's value at its middle, so that as much is drawn as on the line. Usage error
// unless 0 <= begin <= end.
std::vector<ShareStage> Ramp(double from, double to, int64_t begin, int64_t end);

}  // namespace heddle::mixture
