// The inner loops of a transformer's forward pass (heddle/nn/dit_forward.h). One table of functions an instruction set,
// as in heddle/nn/mlp_kernels.h; here too the AVX2 and the AVX-512 table give the same bits, and a row's numbers do not
// depend on how many others stand beside it.
//
//   R rows or tokens, K inputs and N outputs of a layer, W width, T tokens of a row; `ld`: floats from row to row
#pragma once

#include <cstddef>

#include "heddle/nn/kernel_sizes.h"

namespace heddle::nn {

// Where the queries of one row's tokens stand, [T, W]; keys and values stand W and 2 W floats behind.
struct AttentionShape {
  int tokens = 0, heads = 0, head_size = 0;  // W = heads · head_size

  // Floats that `attend` works in; zeros at first, then of calls of this shape only.
  std::size_t scratch() const {
    const auto rows = static_cast<std::size_t>(tokens), size = static_cast<std::size_t>(head_size);
    const auto padded_rows = static_cast<std::size_t>(PaddedColumns(tokens));
    return padded_rows * (size + rows) + 2 * rows * static_cast<std::size_t>(PaddedColumns(head_size));
  }
};

struct TokenKernels {
  // w_NK -> panels of kColumnStep outputs each, [⌈N / kColumnStep⌉, K, kColumnStep], the last filled up with zeros.
  void (*pack)(const float* w, float* panels, int inputs, int outputs);
  // out_RN = in_RK · wᵀ + bias_N, for packed w; N a multiple of kColumnStep.
  void (*linear)(const float* in, std::size_t ld_in, const float* panels, const float* bias, float* out,
                 std::size_t ld_out, int rows, int inputs, int outputs);
  // out = (1 + scale_W) (x - mean) / √(variance + 1e-5) + shift_W, of each row.
  void (*modulated_norm)(const float* x, const float* scale, const float* shift, float* out, std::size_t ld, int rows,
                         int width);
  // x += gate_W y
  void (*add_gated)(float* x, const float* gate, const float* y, std::size_t ld, int rows, int width);
  // x <- x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2
  void (*gelu)(float* x, std::size_t ld, int rows, int width);
  // Each token of one row looks at all of them: softmax(q kᵀ / √head_size) v, into out [T, W].
  void (*attend)(const float* queries, std::size_t ld, float* out, std::size_t ld_out, const AttentionShape& shape,
                 float* scratch);
};

}  // namespace heddle::nn
