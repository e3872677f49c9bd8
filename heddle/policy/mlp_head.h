// The head of tiny runs: an MLP with residual layers over latent, time and the whole chunk.
//
//   h_1 = SiLU(W_z zc + W_t time + W_a chunk + b),   h_{i+1} = h_i + SiLU(W_i h_i + b_i),   said = W_o h + b_o
#pragma once

#include <vector>

#include "heddle/nn/layers.h"
#include "heddle/policy/head.h"

namespace heddle::policy {

class MlpHead final : public Head {
 public:
  MlpHead(const nn::ParameterScope& scope, const HeadOptions& options, const HeadSizes& sizes);

  at::Tensor operator()(const at::Tensor& zc_BC, const at::Tensor& noised_BHA,
                        const at::Tensor& time_BF) const override;
  void Begin(const at::Tensor& zc_BC, const at::Tensor& times_LF) override;
  at::Tensor Again(const at::Tensor& noised_BHA, int64_t level) override;

 private:
  at::Tensor Rest(at::Tensor hidden_BW, int64_t rows) const;

  HeadSizes sizes_;
  nn::Linear first_;
  std::vector<nn::Linear> hidden_;
  nn::Linear last_;
  at::Tensor from_latent_BW_, from_times_LW_, weight_chunk_;  // of Begin
};

}  // namespace heddle::policy
