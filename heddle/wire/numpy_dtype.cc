#include "heddle/wire/numpy_dtype.h"

#include <array>
#include <cstddef>

namespace heddle::wire {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 12> kCodes = {"b1", "u1", "i1", "u2", "i2", "u4",
                                                     "i4", "u8", "i8", "f2", "f4", "f8"};

}  // namespace

std::optional<NumpyDType> NumpyDTypeFromText(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  const char order = text[0];
  for (size_t i = 0; i < kCodes.size(); ++i) {
    if (text.substr(1) != kCodes[i]) continue;
    const auto dtype = static_cast<contract::DType>(i);
    if (order == '<' || (order == '|' && contract::ItemSize(dtype) == 1)) return NumpyDType{dtype, false};
    if (order == '>') return NumpyDType{dtype, true};
  }
  return std::nullopt;
}

std::string NumpyDTypeText(contract::DType dtype) {
  return (contract::ItemSize(dtype) == 1 ? "|" : "<") + std::string(kCodes[static_cast<size_t>(dtype)]);
}

}  // namespace heddle::wire
