// A diffusion transformer: tokens of a noised chunk, one an action, that are cleaned given a latent and a noise level
// (adaLN-Zero: both act on the norms, and every block at first adds nothing).
//
//   c   = SiLU(W_z z + W_2 SiLU(W_1 time))
//   x   = W_in tokens + places
//   x  += g_1 Attention((1 + s_1) N(x) + m_1),   x += g_2 FeedForward((1 + s_2) N(x) + m_2)     in each block
//   out = W_out ((1 + s) N(x) + m)
//
// with N the normalisation over features without gain, and all of g, s, m linear in c. W_out and what makes g, s and m
// begin at 0, so an untrained net says 0.
//
//   B rows, C features of the latent, F of the level, T tokens, D numbers of a token, W width
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "heddle/nn/attention.h"
#include "heddle/nn/layers.h"
#include "heddle/nn/transformer.h"

namespace heddle::nn {

struct DiffusionTransformerShape {
  int64_t latent = 0;         // C
  int64_t time_features = 0;  // F
  int64_t tokens = 0;         // T
  int64_t token_size = 0;     // D
  int64_t width = 0;          // W
  int64_t layers = 0;
  int64_t heads = 0;  // divides the width
};

class DiffusionTransformer {
 public:
  DiffusionTransformer(const ParameterScope& scope, const DiffusionTransformerShape& shape);

  // [B, C], [B, T, D], [B, F] -> [B, T, D].
  at::Tensor operator()(const at::Tensor& latent_BC, const at::Tensor& tokens_BTD, const at::Tensor& time_BF) const {
    return Clean(Modulations(LatentPart(latent_BC) + TimePart(time_BF)), tokens_BTD);
  }

  // Its parts, for many levels of one latent (heddle/nn/dit_forward.h): all g, s, m in a row, of the sum of what latent
  // and level bring to c, [..., W] -> [..., M]; and the rest, which no longer asks for either.
  at::Tensor LatentPart(const at::Tensor& latent_BC) const { return from_latent_(latent_BC); }
  at::Tensor TimePart(const at::Tensor& time_BF) const { return from_time_(time_BF); }
  at::Tensor Modulations(const at::Tensor& sum_W) const;
  at::Tensor Clean(const at::Tensor& modulations_BM, const at::Tensor& tokens_BTD) const;

 private:
  friend class PackedDit;
  // In a row of modulations: s, m, g of the attention, then of the feed-forward part; s, m of the end.
  static constexpr int64_t kOfBlock = 6, kOfEnd = 2;

  struct Block {
    SelfAttention attention;
    FeedForward forward;
  };
  int64_t width_;
  Linear from_latent_;
  Mlp from_time_;
  Linear from_tokens_;
  at::Tensor places_TW_;
  std::vector<Block> blocks_;
  Linear modulation_;  // of all blocks and of the end: [W -> (6 layers + 2) W]
  Linear out_;
};

}  // namespace heddle::nn
