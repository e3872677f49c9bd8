// A tensor's numbers as a span, and numbers as a tensor.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <cstring>
#include <span>
#include <string_view>

namespace heddle::tensor {

namespace internal {
// Throws kBug, naming the tensor, unless it is defined, on the CPU, contiguous and of this type.
void CheckViewable(const at::Tensor& value, c10::ScalarType type, std::string_view name);
at::Tensor EmptyLike(at::IntArrayRef sizes, c10::ScalarType type, size_t count);
}  // namespace internal

// All elements in C order, without a copy; valid as long as the tensor's memory. T must be exactly the tensor's type
// (float, double, int64_t, uint8_t, bool, c10::Half, ...), and the tensor on the CPU and contiguous; kBug otherwise.
template <class T>
std::span<const T> ViewOf(const at::Tensor& value, std::string_view name = "a tensor") {
  internal::CheckViewable(value, c10::CppTypeToScalarType<T>::value, name);
  return {value.const_data_ptr<T>(), static_cast<size_t>(value.numel())};
}

// The same to be written through. Autograd does not see what is written.
template <class T>
std::span<T> MutableViewOf(const at::Tensor& value, std::string_view name = "a tensor") {
  internal::CheckViewable(value, c10::CppTypeToScalarType<T>::value, name);
  return {value.mutable_data_ptr<T>(), static_cast<size_t>(value.numel())};
}

// A tensor of these sizes with a copy of the numbers; kBug if their count does not fit.
template <class T>
at::Tensor CopyOf(std::span<const T> values, at::IntArrayRef sizes) {
  at::Tensor copy = internal::EmptyLike(sizes, c10::CppTypeToScalarType<T>::value, values.size());
  if (!values.empty()) std::memcpy(copy.mutable_data_ptr(), values.data(), values.size_bytes());
  return copy;
}

}  // namespace heddle::tensor
