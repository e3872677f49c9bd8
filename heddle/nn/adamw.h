// AdamW over a flat set of parameters: clipping, moments, decoupled weight decay and the running mean of the weights
// (EMA) in one pass over memory.
//
//   m <- β1 m + (1-β1) g,   v <- β2 v + (1-β2) g²,   p <- (1 - η λ) p - η m̂ / (√v̂ + ε),   ema <- ema + (1-d)(p - ema)
//
// λ holds for tensors of two or more dimensions. d grows with the steps: d_t = min(d, (1 + t)/(10 + t)), so that the
// mean does not remember the random beginning.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "heddle/nn/parameters.h"

namespace heddle::nn {

struct AdamWOptions {
  double learning_rate = 1e-3;  // the peak (heddle/nn/learning_rate.h)
  double beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8;
  double weight_decay = 1e-4;
  double clip_norm = 1;      // of the whole gradient; 0: none
  double ema_decay = 0.999;  // 0: the mean is the weights themselves

  void Visit(auto& v) {
    v.Field("learning_rate", learning_rate, {.doc = "at its peak", .above = 0, .below = 10});
    v.Field("beta1", beta1, {.doc = "of the mean of gradients", .min = 0, .below = 1});
    v.Field("beta2", beta2, {.doc = "of the mean of their squares", .min = 0, .below = 1});
    v.Field("epsilon", epsilon, {.doc = "beside the root of the second mean", .above = 0});
    v.Field("weight_decay", weight_decay, {.doc = "decoupled, of matrices alone", .min = 0});
    v.Field("clip_norm", clip_norm, {.doc = "longest gradient; 0: not clipped", .min = 0});
    v.Field("ema_decay", ema_decay,
            {.doc = "of the running mean of weights, which is what is saved and evaluated", .min = 0, .below = 1});
  }
};

// The state between steps, blocks of the parameters' layout.
struct AdamWState {
  at::Tensor m, v, ema;
  int64_t steps = 0;  // taken
};

class AdamW {
 public:
  // `parameters` is flat and outlives this. The mean begins as the parameters.
  AdamW(ParameterSet& parameters, const AdamWOptions& options);

  // Takes the gradients, and leaves zeros there. Returns their norm before clipping; nothing is changed where that is
  // not finite, but the gradients, which are zeroed.
  double Step(double learning_rate);
  void ZeroGradients();

  const AdamWState& state() const { return state_; }
  void Restore(const AdamWState& state);

 private:
  double GradientNorm() const;
  void StepCpu(double learning_rate, double gradient_scale, double mean_rest);
  void StepAnywhere(double learning_rate, double gradient_scale, double mean_rest);

  ParameterSet& parameters_;
  AdamWOptions options_;
  AdamWState state_;
};

}  // namespace heddle::nn
