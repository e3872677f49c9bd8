#include "heddle/nn/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace heddle::nn {

double LearningRateShare(int64_t step, int64_t steps, const LearningRateOptions& options) {
  if (step < options.warmup_steps) return static_cast<double>(step + 1) / static_cast<double>(options.warmup_steps);
  const int64_t rest = std::max<int64_t>(1, steps - 1 - options.warmup_steps);
  const double along = std::clamp(static_cast<double>(step - options.warmup_steps) / static_cast<double>(rest), 0., 1.);
  return options.last_share + (1 - options.last_share) * (1 + std::cos(std::numbers::pi * along)) / 2;
}

}  // namespace heddle::nn
