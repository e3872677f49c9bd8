// Group norm and SiLU in one: y = silu(gain_C x̂ + shift_C), x̂ = (x - mean) / √(variance + 1e-5) over the places and
// channels of a group. For float32 pictures on a CPU in channels-last memory it is two passes over what lies in the
// cache, which small convolutional nets feel; else it is the two operations of libtorch.
//
//   B pictures, C channels, H x W places
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace heddle::nn {

// Differentiable once. The bits do not depend on the number of threads.
at::Tensor GroupNormSilu(const at::Tensor& map_BCHW, int64_t groups, const at::Tensor& gain_C,
                         const at::Tensor& shift_C);

}  // namespace heddle::nn
