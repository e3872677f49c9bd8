// The nets of a policy: stems, trunk, the labels that join the latent, head.
//
//   rows ─ stems ─> tokens ─ trunk ─> z ──┬──> zc ─ head(noised, level) ─> said
//                     │                   │
//                  shallow        labels ─┘
//
//   B rows, W width of tokens and of z, C features of zc, H steps, A action dimensions, F features of a level
//
// Two latents are tapped from the pass that acts: shallow, what the stems give (the cameras' tokens averaged; the
// state's where there is no camera), and z, the trunk's, before any label has joined it.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "heddle/nn/layers.h"
#include "heddle/policy/head.h"
#include "heddle/policy/layout.h"
#include "heddle/policy/options.h"
#include "heddle/policy/rows.h"
#include "heddle/policy/stems.h"
#include "heddle/policy/trunk.h"

namespace heddle::policy {

struct Latents {
  at::Tensor shallow_BW, z_BW;
};

class Network {
 public:
  Network(const nn::ParameterScope& scope, const PolicyLayout& layout, const PolicyOptions& options,
          const ConditionOptions& conditions);

  // In training pictures are cropped and recoloured by `random`; null: the middle, as it is.
  Latents Encode(const PolicyRows& rows, const RandomStream* random = nullptr) const;
  // z with its labels (0 = none) behind it.
  at::Tensor Join(const at::Tensor& z_BW, const at::Tensor& conditions_BK) const;

  int64_t latent_size() const { return width_; }
  int64_t joined_size() const { return width_ + condition_size_; }
  // Of all levels 0 .. T: [T + 1, F].
  const at::Tensor& time_features() const { return time_features_TF_; }
  Head& head() { return *head_; }
  const Head& head() const { return *head_; }

 private:
  int64_t width_, condition_size_ = 0;
  std::vector<int64_t> condition_values_;  // of each key
  std::vector<at::Tensor> embeddings_;     // of each key [values + 1, E]; empty: one-hot
  Stems stems_;
  std::unique_ptr<Trunk> trunk_;
  std::unique_ptr<Head> head_;
  at::Tensor time_features_TF_;
};

}  // namespace heddle::policy
