// Other values for a while: the mean of the weights, to validate with.
#pragma once

#include <ATen/core/Tensor.h>

#include "heddle/nn/parameters.h"

namespace heddle::nn {

// While it lives, the parameters have `block`'s values; then their own again, bit for bit.
class WithValues {
 public:
  WithValues(ParameterSet& parameters, const at::Tensor& block);
  ~WithValues();
  WithValues(const WithValues&) = delete;
  WithValues& operator=(const WithValues&) = delete;

 private:
  ParameterSet& parameters_;
  at::Tensor own_;
};

}  // namespace heddle::nn
