// Arrow's arrays into our own types. Private to the sources that include Arrow.
#pragma once

#include <arrow/api.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/contract/array.h"

namespace heddle::data {

// Where an array comes from, for errors: file, column, and the row of its first value.
struct ColumnPlace {
  std::string file, column;
  int64_t first_row = 0;

  std::string Row(int64_t row) const;
};

// Appends the array's numbers, row by row, converted to `dtype`, to `out` (bytes of an Array being filled, `at` the
// item to go on from, advanced).
void CopyNumbers(const arrow::Array& array, const contract::Shape& value_shape, const ColumnPlace& place,
                 contract::Array& out, int64_t& at);

// One string, or binary, of either width; kInput for null or another type.
std::string TextAt(const arrow::Array& array, int64_t row, const ColumnPlace& place);

// Anything, as JSON; binary as text.
nlohmann::ordered_json JsonAt(const arrow::Array& array, int64_t row, const ColumnPlace& place);

}  // namespace heddle::data
