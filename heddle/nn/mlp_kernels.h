// The inner loops of the fused multi-layer perceptron, one table of functions an instruction set.
//
// Small nets are not limited by arithmetic but by what surrounds it: a call a layer, activations that travel to memory
// and back, an optimiser that reads everything again. Here a net's whole step works on buffers that stay in the core's
// own cache. All matrices are row-major float; `ld` is the distance between rows in floats. Shapes: B batch, K inputs
// of a layer, N outputs of a hidden layer (a multiple of kColumnStep), O outputs of the net (few).
//
// Every output element is summed in the order of its reduction index, with fused multiply-adds, whatever the width of
// the registers: the AVX2 and the AVX-512 table give the same bits.
#pragma once

#include <cstddef>

#include "heddle/nn/kernel_sizes.h"
#include "heddle/nn/norm_kernels.h"
#include "heddle/nn/token_kernels.h"

namespace heddle::nn {

// One step of Adam with its bias corrections folded in:
//   m <- β1 m + (1-β1) g,  v <- β2 v + (1-β2) g²,  p <- p - step_size · m / (√v · inverse_root_correction + ε)
struct AdamStep {
  float beta1, beta2, epsilon;
  float step_size;                // learning rate / (1 - β1^t)
  float inverse_root_correction;  // 1 / √(1 - β2^t)
};

// The same with decoupled weight decay, a factor on the gradient, and a running mean of the parameters:
//   p <- keep p - ...,  mean <- mean + mean_rest (p - mean),  g <- 0
struct AdamWStep {
  AdamStep adam;
  float keep = 1;            // 1 - learning rate · decay
  float gradient_scale = 1;  // of clipping
  float mean_rest = 0;       // 1 - decay of the mean
};

struct MlpKernels {
  const char* name;  // "avx512", "avx2" or "baseline"

  // out_BN = relu(in_BK · w_KN + bias_N)
  void (*forward_hidden)(const float* in, std::size_t ld_in, const float* w, std::size_t ld_w, const float* bias,
                         float* out, std::size_t ld_out, int batch, int inputs, int outputs);
  // out_BO = in_BK · w_OKᵀ + bias_O   (out is dense: O floats a row)
  void (*forward_output)(const float* in, std::size_t ld_in, const float* w, std::size_t ld_w, const float* bias,
                         float* out, int batch, int inputs, int outputs);
  // d_in_BK = (d_out_BN · wt_NK) ∘ [act_BK > 0], with wt the transposed weights
  void (*backward_hidden)(const float* d_out, std::size_t ld_d, const float* wt, std::size_t ld_wt, const float* act,
                          std::size_t ld_act, float* d_in, std::size_t ld_d_in, int batch, int outputs, int inputs);
  // d_in_BK = (d_out_BO · w_OK) ∘ [act_BK > 0]
  void (*backward_output)(const float* d_out, const float* w, std::size_t ld_w, const float* act, std::size_t ld_act,
                          float* d_in, std::size_t ld_d_in, int batch, int outputs, int inputs);
  // grad_KN = in_BKᵀ · d_out_BN and grad_bias_N = Σ_b d_out_bN
  void (*gradient_hidden)(const float* in, std::size_t ld_in, const float* d_out, std::size_t ld_d, float* grad,
                          std::size_t ld_grad, float* grad_bias, int batch, int inputs, int outputs);
  // grad_OK = d_out_BOᵀ · in_BK and grad_bias_O = Σ_b d_out_bO
  void (*gradient_output)(const float* in, std::size_t ld_in, const float* d_out, float* grad, std::size_t ld_grad,
                          float* grad_bias, int batch, int inputs, int outputs);
  // One Adam step over `count` values; count is a multiple of 16.
  void (*adam)(float* p, const float* g, float* m, float* v, std::size_t count, const AdamStep& step);
  // One AdamW step over `count` values of any number; the gradients are read and zeroed.
  void (*adamw)(float* p, float* g, float* m, float* v, float* mean, std::size_t count, const AdamWStep& step);
  double (*sum_of_squares)(const float* values, std::size_t count);
  // wt_NK = w_KNᵀ; both sizes multiples of 8
  void (*transpose)(const float* w, std::size_t ld_w, float* wt, std::size_t ld_wt, int rows, int columns);
  NormKernels norm;
  TokenKernels tokens;
};

// The best table that this machine runs.
const MlpKernels& KernelsOfMachine();
// All tables that this machine runs, best first (for tests).
int SupportedKernels(const MlpKernels* (&tables)[3]);

}  // namespace heddle::nn
