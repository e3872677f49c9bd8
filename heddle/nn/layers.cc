#include "heddle/nn/layers.h"

#include <ATen/ATen.h>

#include <cmath>

#include "heddle/core/check.h"
#include "heddle/nn/linear_product.h"

namespace heddle::nn {

Linear::Linear(const ParameterScope& scope, int64_t inputs, int64_t outputs, Init init)
    : weight_(scope.Add("weight", {outputs, inputs}, init)), bias_(scope.Add("bias", {outputs}, init, inputs)) {}

at::Tensor Linear::operator()(const at::Tensor& x) const { return LinearProduct(x, weight_, bias_); }

LayerNorm::LayerNorm(const ParameterScope& scope, int64_t features)
    : features_(features),
      weight_(scope.Add("weight", {features}, Init::kOne)),
      bias_(scope.Add("bias", {features}, Init::kZero)) {}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const { return at::layer_norm(x, {features_}, weight_, bias_); }

Mlp::Mlp(const ParameterScope& scope, const std::vector<int64_t>& sizes) {
  HEDDLE_DEMAND(sizes.size() >= 2);
  for (size_t i = 0; i + 1 < sizes.size(); ++i) {
    layers_.emplace_back(scope.Scope(static_cast<int64_t>(i)), sizes[i], sizes[i + 1]);
  }
}

at::Tensor Mlp::operator()(at::Tensor x) const {
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (i > 0) x = at::silu(x);
    x = layers_[i](x);
  }
  return x;
}

at::Tensor TimeFeatures(const at::Tensor& time_B, int64_t features) {
  HEDDLE_DEMAND(features >= 2 && features % 2 == 0);
  const double last = static_cast<double>(features / 2 - 1);
  const at::Tensor ratios =
      last > 0 ? at::arange(features / 2, time_B.options()) / last : at::zeros({1}, time_B.options());
  const at::Tensor angles = time_B.unsqueeze(1) * at::exp(ratios * std::log(1000.0));
  return at::cat({at::sin(angles), at::cos(angles)}, 1);
}

}  // namespace heddle::nn
