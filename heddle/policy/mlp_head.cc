#include "heddle/policy/mlp_head.h"

#include <ATen/ATen.h>

namespace heddle::policy {

MlpHead::MlpHead(const nn::ParameterScope& scope, const HeadOptions& options, const HeadSizes& sizes)
    : sizes_(sizes),
      first_(scope.Scope("first"), sizes.latent + sizes.time_features + sizes.action_steps * sizes.actions,
             options.width),
      last_(scope.Scope("last"), options.width, sizes.action_steps * sizes.actions) {
  for (int64_t i = 1; i < options.layers; ++i) {
    hidden_.emplace_back(scope.Scope("hidden").Scope(i - 1), options.width, options.width);
  }
}

at::Tensor MlpHead::operator()(const at::Tensor& zc_BC, const at::Tensor& noised_BHA, const at::Tensor& time_BF) const {
  return Rest(first_(at::cat({zc_BC, time_BF, noised_BHA.flatten(1)}, 1)), zc_BC.size(0));
}

at::Tensor MlpHead::Rest(at::Tensor hidden_BW, int64_t rows) const {
  hidden_BW = at::silu(hidden_BW);
  for (const nn::Linear& layer : hidden_) hidden_BW = hidden_BW + at::silu(layer(hidden_BW));
  return last_(hidden_BW).view({rows, sizes_.action_steps, sizes_.actions});
}

void MlpHead::Begin(const at::Tensor& zc_BC, const at::Tensor& times_LF) {
  const std::vector<at::Tensor> weights =
      first_.weight().split_with_sizes({sizes_.latent, sizes_.time_features, sizes_.action_steps * sizes_.actions}, 1);
  from_latent_BW_ = at::linear(zc_BC, weights[0], first_.bias());
  from_times_LW_ = at::linear(times_LF, weights[1]);
  weight_chunk_ = weights[2].t();
}

at::Tensor MlpHead::Again(const at::Tensor& noised_BHA, int64_t level) {
  const at::Tensor without_chunk_BW = from_latent_BW_ + from_times_LW_[level];
  return Rest(at::addmm(without_chunk_BW, noised_BHA.flatten(1), weight_chunk_), noised_BHA.size(0));
}

}  // namespace heddle::policy
