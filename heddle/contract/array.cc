#include "heddle/contract/array.h"

#include <array>
#include <bit>
#include <cmath>

namespace heddle::contract {
namespace {

struct TypeFacts {
  const char* name;
  size_t item_size;
};

// In the order of the enumerators.
constexpr std::array<TypeFacts, 12> kTypes = {{{"bool", 1},
                                               {"uint8", 1},
                                               {"int8", 1},
                                               {"uint16", 2},
                                               {"int16", 2},
                                               {"uint32", 4},
                                               {"int32", 4},
                                               {"uint64", 8},
                                               {"int64", 8},
                                               {"float16", 2},
                                               {"float32", 4},
                                               {"float64", 8}}};

double HalfToDouble(uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  double magnitude;
  if (exponent == 31) {
    magnitude = fraction ? std::nan("") : HUGE_VAL;
  } else if (exponent == 0) {
    magnitude = std::ldexp(fraction, -24);
  } else {
    magnitude = std::ldexp(1024 + fraction, exponent - 25);
  }
  return bits & 0x8000 ? -magnitude : magnitude;
}

template <class T>
T Load(const std::byte* bytes, int64_t i) {
  T value;
  std::memcpy(&value, bytes + static_cast<size_t>(i) * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

size_t ItemSize(DType dtype) { return kTypes[static_cast<size_t>(dtype)].item_size; }

const char* DTypeName(DType dtype) { return kTypes[static_cast<size_t>(dtype)].name; }

std::optional<DType> DTypeFromName(std::string_view name) {
  for (size_t i = 0; i < kTypes.size(); ++i) {
    if (name == kTypes[i].name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

int64_t NumItems(std::span<const int64_t> shape) {
  int64_t items = 1;
  for (const int64_t size : shape) items *= size;
  return items;
}

std::string ShapeText(std::span<const int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Array::Array(DType dtype, Shape shape)
    : dtype_(dtype),
      shape_(std::move(shape)),
      bytes_(static_cast<size_t>(NumItems(shape_)) * ItemSize(dtype), std::byte{0}) {}

double Array::At(int64_t i) const {
  HEDDLE_DEMAND(i >= 0 && i < size());
  const std::byte* at = bytes_.data();
  switch (dtype_) {
    case DType::kBool: return Load<uint8_t>(at, i) ? 1 : 0;
    case DType::kU8: return Load<uint8_t>(at, i);
    case DType::kI8: return Load<int8_t>(at, i);
    case DType::kU16: return Load<uint16_t>(at, i);
    case DType::kI16: return Load<int16_t>(at, i);
    case DType::kU32: return Load<uint32_t>(at, i);
    case DType::kI32: return Load<int32_t>(at, i);
    case DType::kU64: return static_cast<double>(Load<uint64_t>(at, i));
    case DType::kI64: return static_cast<double>(Load<int64_t>(at, i));
    case DType::kF16: return HalfToDouble(Load<uint16_t>(at, i));
    case DType::kF32: return static_cast<double>(Load<float>(at, i));
    case DType::kF64: return Load<double>(at, i);
  }
  return 0;
}

std::vector<double> Array::ToDoubles() const {
  std::vector<double> values(static_cast<size_t>(size()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = At(static_cast<int64_t>(i));
  return values;
}

}  // namespace heddle::contract
