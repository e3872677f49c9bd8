// A transformer encoder over a fixed list of tokens, one a modality say, with the norms before each part:
//
//   x = tokens + places,   x += Attention(LN x),  x += W_2 GELU(W_1 LN x)   in each block,   then LN
//
//   B rows, T tokens, W features of a token
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "heddle/nn/attention.h"
#include "heddle/nn/layers.h"

namespace heddle::nn {

// W_2 GELU(W_1 x), four times as wide inside.
class FeedForward {
 public:
  FeedForward(const ParameterScope& scope, int64_t width);
  at::Tensor operator()(const at::Tensor& x) const;
  const Linear& first() const { return first_; }
  const Linear& second() const { return second_; }

 private:
  Linear first_, second_;
};

struct TransformerShape {
  int64_t tokens = 0;  // T
  int64_t width = 0;   // W
  int64_t layers = 0;
  int64_t heads = 0;  // divides the width
};

class TransformerEncoder {
 public:
  TransformerEncoder(const ParameterScope& scope, const TransformerShape& shape);

  // [B, T, W] -> [B, T, W]. Tokens are told apart by their place, for which a vector of its own is learnt.
  at::Tensor operator()(const at::Tensor& tokens_BTW) const;

 private:
  struct Block {
    LayerNorm attention_norm;
    SelfAttention attention;
    LayerNorm forward_norm;
    FeedForward forward;
  };
  at::Tensor places_TW_;
  std::vector<Block> blocks_;
  LayerNorm last_norm_;
};

}  // namespace heddle::nn
