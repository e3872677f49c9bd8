#include "heddle/nn/attention.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"

namespace heddle::nn {

SelfAttention::SelfAttention(const ParameterScope& scope, int64_t width, int64_t heads)
    : heads_(heads),
      queries_keys_values_(scope.Scope("qkv"), width, 3 * width),
      out_(scope.Scope("out"), width, width) {
  HEDDLE_DEMAND(heads >= 1 && width % heads == 0);
}

at::Tensor SelfAttention::operator()(const at::Tensor& tokens_BTW) const {
  const int64_t rows = tokens_BTW.size(0), tokens = tokens_BTW.size(1), width = tokens_BTW.size(2);
  const at::Tensor parts =
      queries_keys_values_(tokens_BTW).view({rows, tokens, 3, heads_, width / heads_}).permute({2, 0, 3, 1, 4});
  const at::Tensor seen = at::scaled_dot_product_attention(parts[0], parts[1], parts[2]);
  return out_(seen.transpose(1, 2).reshape({rows, tokens, width}));
}

}  // namespace heddle::nn
