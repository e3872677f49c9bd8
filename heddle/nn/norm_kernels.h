// The inner loops of a group norm with SiLU behind it (heddle/nn/group_norm_silu.h), for maps in channels-last memory:
// P places of C channels, dense. One table of functions an instruction set, as in heddle/nn/mlp_kernels.h.
#pragma once

#include <cstddef>

namespace heddle::nn {

struct NormKernels {
  // sums_C = Σ_p x_pC
  void (*channel_sums)(const float* x, float* sums, std::size_t places, std::size_t channels);
  // sums_C = Σ_p (x_pC - mean_C)²
  void (*channel_squares)(const float* x, const float* mean, float* sums, std::size_t places, std::size_t channels);
  // out = silu(u) of u = scale_C x + shift_C, with silu(u) = u / (1 + e^-u)
  void (*scaled_silu)(const float* x, const float* scale, const float* shift, float* out, std::size_t places,
                      std::size_t channels);
  // d_u = d_out silu'(u), which goes to d_in;  sums_C = Σ_p d_u,  products_C = Σ_p d_u (x - mean_C)
  void (*scaled_silu_backward)(const float* x, const float* scale, const float* shift, const float* mean,
                               const float* d_out, float* d_in, float* sums, float* products, std::size_t places,
                               std::size_t channels);
  // d <- a_C d + b_C x + c_C
  void (*combine)(float* d, const float* x, const float* a, const float* b, const float* c, std::size_t places,
                  std::size_t channels);
};

}  // namespace heddle::nn
