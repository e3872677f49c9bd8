// Gradients against finite differences, in double precision, and whether an output depends on all that goes in.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/nn/parameters.h"

namespace heddle::nn {

inline at::Tensor Normals(uint64_t seed, at::IntArrayRef sizes) {
  RandomStream random(seed, "gradient_check");
  at::Tensor values = at::empty(sizes, at::kDouble);
  for (int64_t k = 0; k < values.numel(); ++k) values.mutable_data_ptr<double>()[k] = random.Normal();
  return values;
}

// Flattens the set and replaces what it begins with, zeros among it, by normals of this deviation.
inline void Shake(ParameterSet& parameters, double deviation) {
  parameters.Flatten();
  parameters.CopyIn(Normals(99, {parameters.num_elements()}) * deviation);
}

// Every gradient of a fixed random combination of the output's numbers, to `inputs` and, every `stride`th, to all
// parameters, is the central difference; and none of the inputs' and not one whole parameter's gradients is zero.
inline void CheckGradients(const std::function<at::Tensor()>& forward, ParameterSet& parameters,
                           std::vector<at::Tensor> inputs, int64_t stride = 1) {
  const at::Tensor weights = Normals(7, forward().sizes());
  const auto value = [&] {
    const at::NoGradGuard no_gradient;
    return (forward() * weights).sum().item<double>();
  };
  for (at::Tensor& input : inputs) input.requires_grad_();
  (forward() * weights).sum().backward();
  const auto check = [&](const at::Tensor& place, const at::Tensor& gradient, int64_t every) {
    const at::Tensor slopes = gradient.contiguous();
    double* numbers = place.mutable_data_ptr<double>();
    for (int64_t k = 0; k < place.numel(); k += every) {
      const double kept = numbers[k], step = 1e-5;
      numbers[k] = kept + step;
      const double above = value();
      numbers[k] = kept - step;
      const double below = value();
      numbers[k] = kept;
      const double slope = slopes.const_data_ptr<double>()[k];
      ASSERT_NEAR(slope, (above - below) / (2 * step), 1e-6 * std::max(1.0, std::abs(slope))) << "number " << k;
    }
  };
  for (const at::Tensor& input : inputs) {
    check(input.detach(), input.grad(), 1);
    EXPECT_GT(input.grad().abs().min().item<double>(), 0);
  }
  check(parameters.values(), parameters.gradients(), stride);
  for (const Parameter& parameter : parameters.all()) {
    EXPECT_GT(parameter.value.grad().abs().max().item<double>(), 1e-12) << parameter.name;
  }
}

}  // namespace heddle::nn
