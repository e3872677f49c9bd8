// Self-attention between the tokens of a row.
//
//   B rows, T tokens, W features of a token
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "heddle/nn/layers.h"

namespace heddle::nn {

class SelfAttention {
 public:
  // `heads` divides `width` (DEMANDed: options are checked where they are read).
  SelfAttention(const ParameterScope& scope, int64_t width, int64_t heads);

  // Every token looks at all tokens of its row: [B, T, W] -> [B, T, W].
  at::Tensor operator()(const at::Tensor& tokens_BTW) const;

  int64_t heads() const { return heads_; }
  // [W -> 3 W] queries, keys and values, heads within each; [W -> W].
  const Linear& queries_keys_values() const { return queries_keys_values_; }
  const Linear& out() const { return out_; }

 private:
  int64_t heads_;
  Linear queries_keys_values_, out_;
};

}  // namespace heddle::nn
