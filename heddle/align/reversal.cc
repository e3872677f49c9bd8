#include "heddle/align/reversal.h"

#include <ATen/ATen.h>

namespace heddle::align {

at::Tensor ReverseGradient(const at::Tensor& value, double strength) {
  // A difference that is exactly 0 carries the gradient. (Infinite values give NaN; they are lost in any case.)
  const at::Tensor constant = value.detach();
  return constant + (constant - value) * strength;
}

}  // namespace heddle::align
