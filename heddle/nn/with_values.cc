#include "heddle/nn/with_values.h"

#include <ATen/ATen.h>

namespace heddle::nn {

WithValues::WithValues(ParameterSet& parameters, const at::Tensor& block)
    : parameters_(parameters), own_(parameters.values().clone()) {
  parameters_.CopyIn(block);
}

WithValues::~WithValues() { parameters_.CopyIn(own_); }

}  // namespace heddle::nn
