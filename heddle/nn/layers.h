// The small layers that models are made of: values that hold their parameters and are called like functions.
//
//   B rows, T tokens, D features
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "heddle/nn/parameters.h"

namespace heddle::nn {

// y = x Wᵀ + b over the last dimension.
class Linear {
 public:
  // With kZero all of it begins at 0: the layer at first adds nothing.
  Linear(const ParameterScope& scope, int64_t inputs, int64_t outputs, Init init = Init::kFanIn);
  at::Tensor operator()(const at::Tensor& x) const;
  const at::Tensor& weight() const { return weight_; }
  const at::Tensor& bias() const { return bias_; }

 private:
  at::Tensor weight_, bias_;
};

// Over the last dimension, with or without gain and shift of its own.
class LayerNorm {
 public:
  LayerNorm(const ParameterScope& scope, int64_t features);
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  int64_t features_;
  at::Tensor weight_, bias_;
};

// Linear, SiLU, Linear, SiLU, ..., Linear.
class Mlp {
 public:
  // sizes: inputs, hidden ..., outputs; at least two.
  Mlp(const ParameterScope& scope, const std::vector<int64_t>& sizes);
  at::Tensor operator()(at::Tensor x) const;

 private:
  std::vector<Linear> layers_;
};

// [B] of times in 0 .. 1 -> [B, features]: sines, then cosines, of features / 2 frequencies from 1 to 1000 in equal
// ratios. `features` is even.
at::Tensor TimeFeatures(const at::Tensor& time_B, int64_t features);

}  // namespace heddle::nn
