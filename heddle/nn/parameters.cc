#include "heddle/nn/parameters.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/core/check.h"

namespace heddle::nn {
namespace {

at::Tensor Draw(RandomStream random, at::IntArrayRef sizes, Init init, int64_t fan_in) {
  at::Tensor value = at::zeros(sizes, at::kFloat);
  const std::span<float> numbers(value.mutable_data_ptr<float>(), static_cast<size_t>(value.numel()));
  switch (init) {
    case Init::kZero: break;
    case Init::kOne: std::ranges::fill(numbers, 1.f); break;
    case Init::kSmall:
      random.FillNormal(numbers);
      for (float& number : numbers) number *= .02f;
      break;
    case Init::kFanIn: {
      if (fan_in == 0) fan_in = value.numel() / sizes.at(0);
      const float bound = 1 / std::sqrt(static_cast<float>(fan_in));
      random.FillUniform(numbers);
      for (float& number : numbers) number = (2 * number - 1) * bound;
    }
  }
  return value;
}

}  // namespace

ParameterSet::ParameterSet(const RandomStream& init, at::ScalarType type) : init_(init), type_(type) {}

ParameterScope ParameterSet::Scope(const std::string& name) { return {*this, name}; }

at::Tensor ParameterSet::Add(const std::string& name, at::IntArrayRef sizes, Init init, int64_t fan_in) {
  at::Tensor value = Draw(init_.Split(name), sizes, init, fan_in).to(type_);
  value.requires_grad_(true);
  Take({name, value, sizes.size() >= 2});
  return value;
}

void ParameterSet::Adopt(const std::string& name, const at::Tensor& value) {
  HEDDLE_DEMAND(value.scalar_type() == type_ && value.requires_grad() && value.is_leaf());
  Take({name, value, value.dim() >= 2});
}

void ParameterSet::Take(Parameter parameter) {
  HEDDLE_DEMAND(!is_flat());
  HEDDLE_DEMAND(std::ranges::none_of(all_, [&](const Parameter& other) { return other.name == parameter.name; }));
  all_.push_back(std::move(parameter));
}

void ParameterSet::Flatten() {
  HEDDLE_DEMAND(!is_flat());
  std::ranges::stable_partition(all_, [](const Parameter& parameter) { return parameter.decays; });
  const at::NoGradGuard no_grad;
  values_ = at::empty({num_elements()}, type_);
  gradients_ = at::zeros({num_elements()}, type_);
  int64_t at = 0;
  for (Parameter& parameter : all_) {
    const int64_t size = parameter.value.numel();
    const at::Tensor place = values_.narrow(0, at, size).view(parameter.value.sizes());
    place.copy_(parameter.value.detach());
    parameter.value.set_data(place);
    parameter.value.mutable_grad() = gradients_.narrow(0, at, size).view(parameter.value.sizes());
    at += size;
    if (parameter.decays) decayed_ = at;
  }
}

std::vector<at::Tensor> ParameterSet::tensors() const {
  std::vector<at::Tensor> tensors;
  for (const Parameter& parameter : all_) tensors.push_back(parameter.value);
  return tensors;
}

int64_t ParameterSet::num_elements() const {
  int64_t sum = 0;
  for (const Parameter& parameter : all_) sum += parameter.value.numel();
  return sum;
}

const at::Tensor& ParameterSet::values() const {
  HEDDLE_DEMAND(is_flat());
  return values_;
}

const at::Tensor& ParameterSet::gradients() const {
  HEDDLE_DEMAND(is_flat());
  return gradients_;
}

std::vector<at::Tensor> ParameterSet::Split(const at::Tensor& block) const {
  HEDDLE_DEMAND(block.dim() == 1 && block.numel() == num_elements());
  std::vector<at::Tensor> parts;
  int64_t at = 0;
  for (const Parameter& parameter : all_) {
    parts.push_back(block.narrow(0, at, parameter.value.numel()).view(parameter.value.sizes()));
    at += parameter.value.numel();
  }
  return parts;
}

void ParameterSet::CopyIn(const at::Tensor& block) {
  HEDDLE_DEMAND(is_flat() && block.numel() == values_.numel());
  const at::NoGradGuard no_grad;
  values_.copy_(block);
}

}  // namespace heddle::nn
