#include "heddle/policy/network.h"

#include <ATen/ATen.h>

namespace heddle::policy {

Network::Network(const nn::ParameterScope& scope, const PolicyLayout& layout, const PolicyOptions& options,
                 const ConditionOptions& conditions)
    : width_(options.trunk.width), stems_(scope.Scope("stems"), layout, options) {
  for (const ConditionInput& condition : layout.conditions) {
    const auto values = static_cast<int64_t>(condition.values.size());
    condition_values_.push_back(values);
    condition_size_ += conditions.embedded ? conditions.embedding_size : values;
    if (conditions.embedded) {
      embeddings_.push_back(
          scope.Scope("conditions").Add(condition.key, {values + 1, conditions.embedding_size}, nn::Init::kSmall));
    }
  }
  trunk_ = MakeTrunk(scope.Scope("trunk"), options.trunk, stems_.num_tokens());
  const HeadSizes sizes{.latent = joined_size(),
                        .action_steps = layout.action_steps,
                        .actions = layout.num_actions(),
                        .time_features = options.head.time_features};
  head_ = MakeHead(scope.Scope("head"), options.head, sizes);
  const at::Tensor times_T = at::arange(options.head.noise_steps + 1, at::kFloat) / options.head.noise_steps;
  time_features_TF_ = nn::TimeFeatures(times_T, options.head.time_features);
}

Latents Network::Encode(const PolicyRows& rows, const RandomStream* random) const {
  const StemTokens tokens = stems_(rows, random);
  return {tokens.shallow_BW, (*trunk_)(tokens.tokens_BNW)};
}

at::Tensor Network::Join(const at::Tensor& z_BW, const at::Tensor& conditions_BK) const {
  if (condition_values_.empty()) return z_BW;
  std::vector<at::Tensor> parts = {z_BW};
  for (size_t k = 0; k < condition_values_.size(); ++k) {
    const at::Tensor value_B = conditions_BK.select(1, static_cast<int64_t>(k)).to(z_BW.device());
    // One-hot: the row of 0 has no one in it.
    parts.push_back(
        embeddings_.empty()
            ? at::one_hot(value_B, condition_values_[k] + 1).narrow(1, 1, condition_values_[k]).to(z_BW.dtype())
            : at::embedding(embeddings_[k], value_B));
  }
  return at::cat(parts, 1);
}

}  // namespace heddle::policy
