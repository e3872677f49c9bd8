#include "heddle/nn/transformer.h"

#include <ATen/ATen.h>

namespace heddle::nn {

FeedForward::FeedForward(const ParameterScope& scope, int64_t width)
    : first_(scope.Scope("first"), width, 4 * width), second_(scope.Scope("second"), 4 * width, width) {}

at::Tensor FeedForward::operator()(const at::Tensor& x) const { return second_(at::gelu(first_(x), "tanh")); }

TransformerEncoder::TransformerEncoder(const ParameterScope& scope, const TransformerShape& shape)
    : places_TW_(scope.Add("places", {shape.tokens, shape.width}, Init::kSmall)),
      last_norm_(scope.Scope("norm"), shape.width) {
  for (int64_t i = 0; i < shape.layers; ++i) {
    const ParameterScope block = scope.Scope("blocks").Scope(i);
    blocks_.push_back({LayerNorm(block.Scope("attention_norm"), shape.width),
                       SelfAttention(block.Scope("attention"), shape.width, shape.heads),
                       LayerNorm(block.Scope("forward_norm"), shape.width),
                       FeedForward(block.Scope("forward"), shape.width)});
  }
}

at::Tensor TransformerEncoder::operator()(const at::Tensor& tokens_BTW) const {
  at::Tensor x = tokens_BTW + places_TW_;
  for (const Block& block : blocks_) {
    x = x + block.attention(block.attention_norm(x));
    x = x + block.forward(block.forward_norm(x));
  }
  return last_norm_(x);
}

}  // namespace heddle::nn
