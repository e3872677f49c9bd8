#include "heddle/nn/dit.h"

#include <ATen/ATen.h>

namespace heddle::nn {
namespace {

// (1 + scale) N(x) + shift.
at::Tensor Modulated(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift) {
  const at::Tensor normal = at::layer_norm(x, {x.size(2)});
  return at::addcmul(shift, normal, scale + 1);
}

}  // namespace

DiffusionTransformer::DiffusionTransformer(const ParameterScope& scope, const DiffusionTransformerShape& shape)
    : width_(shape.width),
      from_latent_(scope.Scope("latent"), shape.latent, shape.width),
      from_time_(scope.Scope("time"), {shape.time_features, shape.width, shape.width}),
      from_tokens_(scope.Scope("tokens"), shape.token_size, shape.width),
      places_TW_(scope.Add("places", {shape.tokens, shape.width}, Init::kSmall)),
      modulation_(scope.Scope("modulation"), shape.width, (kOfBlock * shape.layers + kOfEnd) * shape.width,
                  Init::kZero),
      out_(scope.Scope("out"), shape.width, shape.token_size, Init::kZero) {
  for (int64_t i = 0; i < shape.layers; ++i) {
    const ParameterScope block = scope.Scope("blocks").Scope(i);
    blocks_.push_back({SelfAttention(block.Scope("attention"), shape.width, shape.heads),
                       FeedForward(block.Scope("forward"), shape.width)});
  }
}

at::Tensor DiffusionTransformer::Modulations(const at::Tensor& sum_W) const { return modulation_(at::silu(sum_W)); }

at::Tensor DiffusionTransformer::Clean(const at::Tensor& modulations_BM, const at::Tensor& tokens_BTD) const {
  const std::vector<at::Tensor> parts = modulations_BM.unsqueeze(1).split(width_, 2);  // each [B, 1, W]
  at::Tensor x = from_tokens_(tokens_BTD) + places_TW_;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const at::Tensor* part = &parts[i * kOfBlock];
    x = at::addcmul(x, part[2], blocks_[i].attention(Modulated(x, part[0], part[1])));
    x = at::addcmul(x, part[5], blocks_[i].forward(Modulated(x, part[3], part[4])));
  }
  const at::Tensor* last = &parts[blocks_.size() * kOfBlock];
  return out_(Modulated(x, last[0], last[1]));
}

}  // namespace heddle::nn
