// Turns the latent and a noised chunk into what the noise process asks for.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "heddle/nn/parameters.h"
#include "heddle/policy/options.h"

namespace heddle::policy {

struct HeadSizes {
  int64_t latent = 0;        // C: of zc
  int64_t action_steps = 0;  // H
  int64_t actions = 0;       // A
  int64_t time_features = 0;
};

class Head {
 public:
  virtual ~Head() = default;
  // time_BF: features of the level. Differentiable in the latent and the parameters.
  virtual at::Tensor operator()(const at::Tensor& zc_BC, const at::Tensor& noised_BHA,
                                const at::Tensor& time_BF) const = 0;
  // The same without gradient, many times for one latent. What depends on the latent or the level alone is computed
  // once: times_LF has the features of all levels that follow, and `level` is a place in it, quickest in their order.
  virtual void Begin(const at::Tensor& zc_BC, const at::Tensor& times_LF) = 0;
  virtual at::Tensor Again(const at::Tensor& noised_BHA, int64_t level) = 0;
};

std::unique_ptr<Head> MakeHead(const nn::ParameterScope& scope, const HeadOptions& options, const HeadSizes& sizes);

}  // namespace heddle::policy
