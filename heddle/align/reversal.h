// Gradient reversal.
#pragma once

#include <ATen/core/Tensor.h>

namespace heddle::align {

// The same numbers, bit for bit; a gradient that comes back is multiplied by -strength.
at::Tensor ReverseGradient(const at::Tensor& value, double strength);

}  // namespace heddle::align
