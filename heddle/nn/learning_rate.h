// How the learning rate goes over training: up in a line, then down along half a cosine.
#pragma once

#include <cstdint>

namespace heddle::nn {

struct LearningRateOptions {
  int64_t warmup_steps = 200;
  double last_share = 0.02;  // of the peak, at the end

  void Visit(auto& v) {
    v.Field("warmup_steps", warmup_steps, {.doc = "from 0 to the peak, in a line", .unit = "steps", .min = 0});
    v.Field("last_share", last_share,
            {.doc = "of the peak that is left at the end, along half a cosine", .min = 0, .max = 1});
  }
};

// The factor on the peak in step 0 .. steps - 1. Never 0 but where last_share is.
double LearningRateShare(int64_t step, int64_t steps, const LearningRateOptions& options);

}  // namespace heddle::nn
