// A diffusion transformer's weights as the project's own kernels read them, and its pass over a few rows on one thread,
// given the modulations (heddle/nn/dit.h has the formulas). float32 on the CPU.
//
//   B rows, L levels, C features of the latent, T tokens of a row, D numbers of a token, W width, M modulations of a
//   row
#pragma once

#include <cstddef>
#include <vector>

#include "heddle/nn/dit.h"
#include "heddle/nn/packed_linear.h"
#include "heddle/nn/token_kernels.h"

namespace heddle::nn {

class PackedDit {
 public:
  // Takes a copy of the net's weights; memory of an earlier one is used again.
  void Pack(const DiffusionTransformer& net);

  int tokens() const { return attention_.tokens; }
  std::size_t multiplications() const;  // of a token's products with weights

  // M: at least what the net has, so that the product's rows are whole.
  int modulations() const { return modulation_.padded_outputs(); }
  // Of latents [B, C] and what levels bring to c [L, W] -> [L, B, M].
  void Modulate(const float* latents, int rows, const float* time_parts, int levels, float* modulations) const;

  // Rows that stand one behind the other.
  struct Rows {
    int count = 0;
    const float* noised = nullptr;       // [count, T, D]
    const float* modulations = nullptr;  // [count, M]
    float* said = nullptr;               // [count, T, D]
  };
  // What a pass over up to so many rows works in.
  struct Scratch {
    std::vector<float> x, normal, part, wide, attention;
  };
  Scratch MakeScratch(int rows) const;
  // A row's result has the same bits whatever stands beside it.
  void Clean(const Rows& rows, Scratch& scratch) const;

 private:
  struct Block {
    PackedLinear queries_keys_values, out, first, second;
  };
  // A row's modulation of W numbers: the part-th of its M.
  const float* Modulation(const Rows& rows, int row, int part) const;
  void Normalise(const Rows& rows, int part, Scratch& scratch) const;
  void AddGated(const Rows& rows, int part, Scratch& scratch) const;
  void Begin(const Rows& rows, Scratch& scratch) const;
  void Attention(const Block& block, const Rows& rows, int part, Scratch& scratch) const;
  void FeedForward(const Block& block, const Rows& rows, int part, Scratch& scratch) const;
  void End(const Rows& rows, Scratch& scratch) const;

  int width_ = 0, latent_ = 0;
  std::size_t ld_ = 0, ld_wide_ = 0;
  AttentionShape attention_;
  PackedLinear from_latent_, modulation_, from_tokens_, out_;
  std::vector<float> places_;  // [T, W]
  std::vector<Block> blocks_;
};

}  // namespace heddle::nn
