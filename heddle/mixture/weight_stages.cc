#include "heddle/mixture/weight_stages.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

void CheckWeights(const WeightStage& stage, size_t num_sources, const std::string& where) {
  if (stage.weights.size() != num_sources) {
    ThrowUsage("the stage has " + Counted(static_cast<int64_t>(stage.weights.size()), "weight") + " for " +
                   Counted(static_cast<int64_t>(num_sources), "source"),
               where);
  }
  for (const double weight : stage.weights) {
    if (!(weight >= 0) || !std::isfinite(weight)) {
      ThrowUsage("a weight is " + FormatDouble(weight), where, "weights are 0 or more");
    }
  }
  const double sum = std::accumulate(stage.weights.begin(), stage.weights.end(), 0.0);
  if (!(sum > 0) || !std::isfinite(sum)) ThrowUsage("all weights are 0 or their sum is not finite", where);
}

}  // namespace

void CheckStages(const std::vector<WeightStage>& stages, size_t num_sources) {
  if (stages.empty()) ThrowUsage("there is no stage", "weights");
  int64_t least = 0;
  for (const WeightStage& stage : stages) {
    const std::string where = "weights from step " + std::to_string(stage.first_step);
    if (&stage == &stages[0] && stage.first_step != 0) ThrowUsage("the first stage must begin at step 0", where);
    if (stage.first_step < least) ThrowUsage("stages must begin one after the other", where);
    least = stage.first_step + 1;
    CheckWeights(stage, num_sources, where);
  }
}

std::vector<ShareStage> Ramp(double from, double to, int64_t begin, int64_t end) {
  if (begin < 0 || end < begin) {
    ThrowUsage("a ramp from step " + std::to_string(begin) + " to step " + std::to_string(end) + " is not possible",
               "w", "it ends where it begins or later");
  }
  const int64_t steps = end - begin, stairs = std::min<int64_t>(steps, kMaxRampStages - 2);
  std::vector<ShareStage> stages;
  if (begin > 0) stages.push_back({0, from});
  for (int64_t i = 0; i < stairs; ++i) {
    const int64_t first = begin + i * steps / stairs, next = begin + (i + 1) * steps / stairs;
    const double middle =
        (static_cast<double>(first + next) / 2 - static_cast<double>(begin)) / static_cast<double>(steps);
    stages.push_back({first, from + (to - from) * middle});
  }
  stages.push_back({end, to});
  return stages;
}

}  // namespace heddle::mixture
