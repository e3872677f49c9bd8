// NumPy's short names of types, as dtype.str gives them: "<f4" is a little-endian float of 4 bytes, "|u1" a byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "heddle/contract/array.h"

namespace heddle::wire {

struct NumpyDType {
  contract::DType dtype;
  bool is_big_endian = false;
};

// Bools, integers and floats of up to 8 bytes. Nothing for any other name (complex, text, object, void, time, ...).
std::optional<NumpyDType> NumpyDTypeFromText(std::string_view text);

// Little-endian: "<f4", or "|u1" where there is one byte.
std::string NumpyDTypeText(contract::DType dtype);

}  // namespace heddle::wire
