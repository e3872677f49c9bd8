#include "heddle/tensor/check_shape.h"

#include <ATen/ATen.h>

namespace heddle::tensor {
namespace {

bool Fits(at::IntArrayRef sizes, at::IntArrayRef expected) {
  if (sizes.size() != expected.size()) return false;
  for (size_t k = 0; k < sizes.size(); ++k) {
    if (expected[k] != kAny && sizes[k] != expected[k]) return false;
  }
  return true;
}

// The position of a flat index, "[1, 0]".
std::string PlaceText(int64_t flat, at::IntArrayRef sizes) {
  std::vector<int64_t> place(sizes.size());
  for (size_t k = sizes.size(); k-- > 0; flat /= sizes[k]) place[k] = flat % sizes[k];
  return ShapeText(place);
}

}  // namespace

std::string ShapeText(at::IntArrayRef sizes) {
  std::string text = "[";
  for (size_t k = 0; k < sizes.size(); ++k) {
    if (k > 0) text += ", ";
    text += sizes[k] == kAny ? "any" : std::to_string(sizes[k]);
  }
  return text + "]";
}

void CheckShape(const at::Tensor& value, std::string_view name, std::initializer_list<int64_t> sizes, ErrorKind kind) {
  const at::IntArrayRef expected(sizes.begin(), sizes.size());
  if (!value.defined()) throw Error(kind, std::string(name) + " is undefined, expected shape " + ShapeText(expected));
  if (Fits(value.sizes(), expected)) return;
  throw Error(kind, std::string(name) + " has shape " + ShapeText(value.sizes()) + ", expected " + ShapeText(expected));
}

void CheckFinite(const at::Tensor& value, std::string_view name, ErrorKind kind) {
  if (!value.defined()) throw Error(kind, std::string(name) + " is undefined");
  if (!at::isFloatingType(value.scalar_type())) {
    throw Error(kind, std::string(name) + " holds " + std::string(at::toString(value.scalar_type())) +
                          ", expected floating-point numbers");
  }
  const at::Tensor bad = at::isfinite(value).logical_not();
  const int64_t count = bad.sum().item<int64_t>();
  if (count == 0) return;
  const int64_t first = bad.flatten().to(at::kByte).argmax().item<int64_t>();
  throw Error(kind, std::string(name) + " has " + std::to_string(count) + " of " + std::to_string(value.numel()) +
                        " values that are not finite, the first at " + PlaceText(first, value.sizes()));
}

}  // namespace heddle::tensor
