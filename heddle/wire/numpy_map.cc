#include "heddle/wire/numpy_map.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/wire/numpy_dtype.h"

namespace heddle::wire {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays go over the wire as they lie in memory");

using contract::Array;
using contract::DType;

const Value* FindAny(const Map& map, std::string_view key) {
  const auto found = std::ranges::find_if(map, [&](const Entry& entry) { return entry.key.text == key; });
  return found == map.end() ? nullptr : &found->value;
}

const Value& Part(const Map& map, std::string_view key) {
  const Value* value = FindAny(map, key);
  if (!value) ThrowInput("its map has no '" + std::string(key) + "'");
  return *value;
}

void RequireMark(const Map& map, std::string_view mark, size_t num_keys) {
  const bool* flag = Part(map, mark).Get<bool>();
  if (!flag || !*flag) ThrowInput("its '" + std::string(mark) + "' is not true");
  if (map.size() != num_keys)
    ThrowInput("its map has " + Counted(static_cast<int64_t>(map.size()), "key") + ", not " + std::to_string(num_keys));
}

NumpyDType DTypeOf(const Map& map) {
  const std::string* text = Part(map, "dtype").Get<std::string>();
  if (!text) ThrowInput("its dtype is not a text");
  const std::optional<NumpyDType> dtype = NumpyDTypeFromText(*text);
  if (!dtype) {
    ThrowInput("its dtype '" + WithoutControls(text->substr(0, 16)) + "' is not of plain numbers", "",
               "send bools, integers or floats of up to 8 bytes");
  }
  return *dtype;
}

// Also how many items that is. What overflows is refused even where another size is 0, as products go from left to
// right.
contract::Shape ShapeOf(const Map& map, size_t item_size) {
  const List* list = Part(map, "shape").Get<List>();
  if (!list) ThrowInput("its shape is not a list");
  if (list->size() > kMaxDimensions) ThrowInput("its shape has more than " + std::to_string(kMaxDimensions) + " sizes");
  contract::Shape shape;
  int64_t room = std::numeric_limits<int64_t>::max() / static_cast<int64_t>(item_size);
  for (const Value& value : *list) {
    const int64_t* size = value.Get<int64_t>();
    if (!size || *size < 0 || *size > room) ThrowInput("its shape has a size that can't be");
    room /= std::max<int64_t>(*size, 1);
    shape.push_back(*size);
  }
  return shape;
}

void TurnItems(std::span<std::byte> bytes, size_t item_size) {
  for (size_t at = 0; at < bytes.size(); at += item_size) std::ranges::reverse(bytes.subspan(at, item_size));
}

Array ArrayOf(const Map& map) {
  RequireMark(map, kArrayMark, 4);
  const auto [dtype, is_big_endian] = DTypeOf(map);
  const size_t item_size = contract::ItemSize(dtype);
  const Bytes* data = Part(map, "data").Get<Bytes>();
  if (!data) ThrowInput("its data are not bytes");
  const contract::Shape shape = ShapeOf(map, item_size);
  const auto needed = static_cast<size_t>(contract::NumItems(shape)) * item_size;
  if (needed != data->size()) {
    ThrowInput("it holds " + std::to_string(data->size()) + " bytes where " + contract::DTypeName(dtype) + " " +
               contract::ShapeText(shape) + " needs " + std::to_string(needed));
  }
  if (dtype == DType::kBool && std::ranges::any_of(*data, [](std::byte b) { return b > std::byte{1}; })) {
    ThrowInput("it holds a bool that is neither 0 nor 1");
  }
  Array array(dtype, shape);
  if (needed > 0) std::memcpy(array.bytes().data(), data->data(), needed);
  if (is_big_endian) TurnItems(array.bytes(), item_size);
  return array;
}

bool IsInRange(DType dtype, const Value& value) {
  const int bits = static_cast<int>(8 * contract::ItemSize(dtype));
  const bool is_unsigned = dtype == DType::kU8 || dtype == DType::kU16 || dtype == DType::kU32 || dtype == DType::kU64;
  if (value.Get<uint64_t>()) return dtype == DType::kU64;
  const int64_t number = *value.Get<int64_t>();
  if (is_unsigned) return number >= 0 && (bits >= 63 || number < (int64_t{1} << bits));
  const int64_t half = bits == 64 ? std::numeric_limits<int64_t>::max() : (int64_t{1} << (bits - 1)) - 1;
  return number >= -half - 1 && number <= half;
}

NumpyScalar ScalarOf(const Map& map) {
  RequireMark(map, kScalarMark, 3);
  const DType dtype = DTypeOf(map).dtype;
  const Value& data = Part(map, "data");
  const bool is_float = dtype == DType::kF16 || dtype == DType::kF32 || dtype == DType::kF64;
  if (const bool* flag = data.Get<bool>(); flag && dtype == DType::kBool) return {dtype, *flag};
  if (const double* number = data.Get<double>(); number && is_float) return {dtype, *number};
  const bool is_integer = data.Get<int64_t>() || data.Get<uint64_t>();
  if (is_integer && is_float) return {dtype, *data.Number()};
  if (is_integer && dtype != DType::kBool && IsInRange(dtype, data)) {
    if (const int64_t* number = data.Get<int64_t>()) return {dtype, *number};
    return {dtype, *data.Get<uint64_t>()};
  }
  ThrowInput("its data, " + std::string(data.KindName()) + ", are no " + contract::DTypeName(dtype));
}

}  // namespace

Value FromNumpyMap(Map map) {
  if (FindAny(map, kArrayMark)) return ArrayOf(map);
  if (FindAny(map, kScalarMark)) return ScalarOf(map);
  return map;
}

}  // namespace heddle::wire
