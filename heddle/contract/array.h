// A value of a dataset: numbers of one type in one shape, in memory of their own. No torch: rooms that read and check
// data include it in an instant; a batch for training is made of tensors (heddle/contract/batch.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "heddle/core/check.h"

namespace heddle::contract {

enum class DType : uint8_t { kBool, kU8, kI8, kU16, kI16, kU32, kI32, kU64, kI64, kF16, kF32, kF64 };

size_t ItemSize(DType dtype);
// numpy's names: "bool", "uint8", "int8", ..., "float16", "float32", "float64".
const char* DTypeName(DType dtype);
std::optional<DType> DTypeFromName(std::string_view name);

template <class T>
constexpr DType DTypeOf() {
  if constexpr (std::is_same_v<T, bool>)
    return DType::kBool;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return DType::kU8;
  else if constexpr (std::is_same_v<T, int8_t>)
    return DType::kI8;
  else if constexpr (std::is_same_v<T, uint16_t>)
    return DType::kU16;
  else if constexpr (std::is_same_v<T, int16_t>)
    return DType::kI16;
  else if constexpr (std::is_same_v<T, uint32_t>)
    return DType::kU32;
  else if constexpr (std::is_same_v<T, int32_t>)
    return DType::kI32;
  else if constexpr (std::is_same_v<T, uint64_t>)
    return DType::kU64;
  else if constexpr (std::is_same_v<T, int64_t>)
    return DType::kI64;
  else if constexpr (std::is_same_v<T, float>)
    return DType::kF32;
  else if constexpr (std::is_same_v<T, double>)
    return DType::kF64;
  else
    static_assert(sizeof(T) == 0, "not a type that an Array holds");
}

using Shape = std::vector<int64_t>;

// Product of the sizes; 1 for an empty shape.
int64_t NumItems(std::span<const int64_t> shape);
// "[4, 3]".
std::string ShapeText(std::span<const int64_t> shape);

// C order. A zeroed value of the type and shape, or one with a copy of the numbers.
class Array {
 public:
  Array() = default;
  Array(DType dtype, Shape shape);
  template <class T>
  static Array Of(std::span<const T> values, Shape shape) {
    Array array(DTypeOf<T>(), std::move(shape));
    HEDDLE_DEMAND(static_cast<size_t>(array.size()) == values.size());
    if (!values.empty()) std::memcpy(array.bytes_.data(), values.data(), values.size_bytes());
    return array;
  }

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  int64_t size() const { return NumItems(shape_); }  // items
  std::span<const std::byte> bytes() const { return bytes_; }
  std::span<std::byte> bytes() { return bytes_; }

  // The numbers as they are; T must be exactly the type (DEMANDed).
  template <class T>
  std::span<const T> Values() const {
    HEDDLE_DEMAND(dtype_ == DTypeOf<T>());
    return {reinterpret_cast<const T*>(bytes_.data()), static_cast<size_t>(size())};
  }
  template <class T>
  std::span<T> Values() {
    HEDDLE_DEMAND(dtype_ == DTypeOf<T>());
    return {reinterpret_cast<T*>(bytes_.data()), static_cast<size_t>(size())};
  }
  // Item i as a double, whatever the type (an int64 beyond 2^53 is rounded).
  double At(int64_t i) const;
  std::vector<double> ToDoubles() const;

  friend bool operator==(const Array&, const Array&) = default;  // bytes: NaN equals NaN, 0 is not -0

 private:
  DType dtype_ = DType::kF32;
  Shape shape_ = {0};
  std::vector<std::byte> bytes_;
};

}  // namespace heddle::contract
