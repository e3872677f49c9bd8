// A diffusion transformer without gradient, for the many levels that a sampler asks of one latent.
//
//   DitForward forward(net);
//   forward.Begin(latent_BC, times_LF);                          // all levels that will be asked for
//   for (int64_t level = 0; ...) said = forward.Clean(tokens_BTD, level);
//
// What depends on latent and level alone is computed for many levels at once. In float32 on the CPU, all runs on
// weights that Begin lays out for the project's own kernels (the net's are read then, so a step of training, or other
// values for a while, are seen at the next Begin), and a row's numbers are the same bits alone, among others and in any
// place. Everything else runs as in the net.
//
//   B rows, C features of the latent, F of a level, L levels, T tokens, D numbers of a token, W width
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "heddle/nn/dit.h"
#include "heddle/nn/packed_dit.h"

namespace heddle::nn {

class DitForward {
 public:
  // The net outlives it. One thread at a time; at::get_num_threads() compute.
  explicit DitForward(const DiffusionTransformer& net) : net_(net) {}

  void Begin(const at::Tensor& latent_BC, const at::Tensor& times_LF);
  // [B, T, D] -> [B, T, D], at one of Begin's levels; quickest in their order.
  at::Tensor Clean(const at::Tensor& tokens_BTD, int64_t level);

 private:
  void Modulate(int64_t level);
  at::Tensor CleanPacked(const at::Tensor& tokens_BTD, const at::Tensor& modulations_BM);

  const DiffusionTransformer& net_;
  bool is_packed_ = false;
  PackedDit packed_;
  at::Tensor latent_BC_, time_parts_LW_;  // of Begin
  at::Tensor modulations_LBM_;            // of some levels, from first_level_ on
  int64_t first_level_ = 0;
  std::vector<PackedDit::Scratch> scratch_;  // of each thread, for scratch_rows_
  int64_t scratch_rows_ = 0;
};

}  // namespace heddle::nn
