// One camera's stem: a small conv net, or a TorchScript module of one's own.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "heddle/nn/parameters.h"
#include "heddle/policy/options.h"

namespace heddle::policy {

class CameraStem {
 public:
  virtual ~CameraStem() = default;
  // [B, 3, h, w] in -1..1 -> [B, width].
  virtual at::Tensor operator()(const at::Tensor& picture_BCHW) const = 0;
};

std::unique_ptr<CameraStem> MakeCameraStem(const nn::ParameterScope& scope, const CameraStemOptions& options,
                                           int64_t width);

}  // namespace heddle::policy
