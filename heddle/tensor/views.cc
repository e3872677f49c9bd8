#include "heddle/tensor/views.h"

#include <ATen/ATen.h>

#include <string>

#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::tensor::internal {

void CheckViewable(const at::Tensor& value, c10::ScalarType type, std::string_view name) {
  const auto refuse = [&](const std::string& why) { throw Error(ErrorKind::kBug, std::string(name) + why); };
  if (!value.defined()) refuse(" is undefined");
  if (!value.is_cpu()) refuse(" is not on the CPU");
  if (value.scalar_type() != type) {
    refuse(std::string(" holds ") + c10::toString(value.scalar_type()) + ", expected " + c10::toString(type));
  }
  if (!value.is_contiguous() || value.is_conj() || value.is_neg()) refuse(" is not contiguous");
}

at::Tensor EmptyLike(at::IntArrayRef sizes, c10::ScalarType type, size_t count) {
  at::Tensor empty = at::empty(sizes, at::TensorOptions().dtype(type));
  if (static_cast<size_t>(empty.numel()) != count) {
    throw Error(ErrorKind::kBug, std::to_string(count) + " numbers do not fill the shape " + ShapeText(sizes));
  }
  return empty;
}

}  // namespace heddle::tensor::internal
