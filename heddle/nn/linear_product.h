// y = x Wᵀ + b by the faster of the two libraries that libtorch comes with: large products of float32 on a CPU go to
// oneDNN, which is 5 to 15 % faster there on several machines, and all others the usual way.
#pragma once

#include <ATen/core/Tensor.h>

namespace heddle::nn {

// Over the last dimension, differentiable once: [..., I], [O, I], [O] -> [..., O].
at::Tensor LinearProduct(const at::Tensor& x, const at::Tensor& weight_OI, const at::Tensor& bias_O);

}  // namespace heddle::nn
