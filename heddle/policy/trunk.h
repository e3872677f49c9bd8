// Joins the tokens of the stems into the deep latent z. Its last act is to bring every z to mean 0 and deviation 1 over
// its features: distances between latents then say something, and no objective can be served by shrinking them.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "heddle/nn/parameters.h"
#include "heddle/policy/options.h"

namespace heddle::policy {

class Trunk {
 public:
  virtual ~Trunk() = default;
  // [B, N, width] -> [B, width].
  virtual at::Tensor operator()(const at::Tensor& tokens_BNW) const = 0;
};

std::unique_ptr<Trunk> MakeTrunk(const nn::ParameterScope& scope, const TrunkOptions& options, int64_t num_tokens);

}  // namespace heddle::policy
