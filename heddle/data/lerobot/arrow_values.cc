#include "heddle/data/lerobot/arrow_values.h"

#include <cmath>
#include <limits>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

using contract::DType;

template <class T>
void Store(contract::Array& out, int64_t at, T value) {
  std::memcpy(out.bytes().data() + static_cast<size_t>(at) * sizeof(T), &value, sizeof(T));
}

[[noreturn]] void FailFit(const arrow::Array& array, DType dtype, const ColumnPlace& place, int64_t row) {
  ThrowInput("holds " + array.type()->ToString() + " whose value does not fit " + contract::DTypeName(dtype),
             place.Row(row), "declare the feature with the type that its column has");
}

// A whole number into an integer or float type; false if it does not fit.
template <class To, class From>
bool Fits(From value) {
  if constexpr (std::is_floating_point_v<To>) {
    return true;
  } else if constexpr (std::is_floating_point_v<From>) {
    return false;
  } else {
    return std::in_range<To>(value);
  }
}

template <class To, class From>
void ConvertRun(const arrow::Array& array, const From* values, const ColumnPlace& place, contract::Array& out,
                int64_t at, int64_t per_row) {
  for (int64_t i = 0; i < array.length(); ++i) {
    if (!Fits<To, From>(values[i])) FailFit(array, out.dtype(), place, i / per_row);
    Store(out, at + i, static_cast<To>(values[i]));
  }
}

template <class From>
void Convert(const arrow::Array& array, const From* values, const ColumnPlace& place, contract::Array& out, int64_t at,
             int64_t per_row) {
  const auto run = [&]<class To>(To) { ConvertRun<To, From>(array, values, place, out, at, per_row); };
  switch (out.dtype()) {
    case DType::kU8: return run(uint8_t{});
    case DType::kI8: return run(int8_t{});
    case DType::kU16: return run(uint16_t{});
    case DType::kI16: return run(int16_t{});
    case DType::kU32: return run(uint32_t{});
    case DType::kI32: return run(int32_t{});
    case DType::kU64: return run(uint64_t{});
    case DType::kI64: return run(int64_t{});
    case DType::kF32: return run(float{});
    case DType::kF64: return run(double{});
    case DType::kBool:
      for (int64_t i = 0; i < array.length(); ++i) {
        if (values[i] != From{0} && values[i] != From{1}) FailFit(array, out.dtype(), place, i / per_row);
        Store(out, at + i, static_cast<uint8_t>(values[i] != From{0}));
      }
      return;
    case DType::kF16: FailFit(array, out.dtype(), place, 0);
  }
}

template <class ArrowArray>
void CopyTyped(const arrow::Array& array, DType own, const ColumnPlace& place, contract::Array& out, int64_t at,
               int64_t per_row) {
  const auto* values = static_cast<const ArrowArray&>(array).raw_values();
  if (out.dtype() == own) {
    std::memcpy(out.bytes().data() + static_cast<size_t>(at) * ItemSize(own), values,
                static_cast<size_t>(array.length()) * ItemSize(own));
  } else {
    Convert(array, values, place, out, at, per_row);
  }
}

void CopyBools(const arrow::Array& array, const ColumnPlace& place, contract::Array& out, int64_t at, int64_t per_row) {
  const auto& bools = static_cast<const arrow::BooleanArray&>(array);
  std::vector<uint8_t> values(static_cast<size_t>(array.length()));
  for (int64_t i = 0; i < array.length(); ++i) values[static_cast<size_t>(i)] = bools.Value(i) ? 1 : 0;
  Convert(array, values.data(), place, out, at, per_row);
}

void CopyHalves(const arrow::Array& array, const ColumnPlace& place, contract::Array& out, int64_t at) {
  const auto* bits = static_cast<const arrow::HalfFloatArray&>(array).raw_values();
  contract::Array halves(DType::kF16, {array.length()});
  std::memcpy(halves.bytes().data(), bits, halves.bytes().size());
  for (int64_t i = 0; i < array.length(); ++i) {
    if (out.dtype() == DType::kF16) {
      Store(out, at + i, bits[i]);
    } else if (out.dtype() == DType::kF32) {
      Store(out, at + i, static_cast<float>(halves.At(i)));
    } else if (out.dtype() == DType::kF64) {
      Store(out, at + i, halves.At(i));
    } else {
      FailFit(array, out.dtype(), place, i);
    }
  }
}

void CopyLeaf(const arrow::Array& array, const ColumnPlace& place, contract::Array& out, int64_t at, int64_t per_row) {
  switch (array.type_id()) {
    case arrow::Type::BOOL: return CopyBools(array, place, out, at, per_row);
    case arrow::Type::UINT8: return CopyTyped<arrow::UInt8Array>(array, DType::kU8, place, out, at, per_row);
    case arrow::Type::INT8: return CopyTyped<arrow::Int8Array>(array, DType::kI8, place, out, at, per_row);
    case arrow::Type::UINT16: return CopyTyped<arrow::UInt16Array>(array, DType::kU16, place, out, at, per_row);
    case arrow::Type::INT16: return CopyTyped<arrow::Int16Array>(array, DType::kI16, place, out, at, per_row);
    case arrow::Type::UINT32: return CopyTyped<arrow::UInt32Array>(array, DType::kU32, place, out, at, per_row);
    case arrow::Type::INT32: return CopyTyped<arrow::Int32Array>(array, DType::kI32, place, out, at, per_row);
    case arrow::Type::UINT64: return CopyTyped<arrow::UInt64Array>(array, DType::kU64, place, out, at, per_row);
    case arrow::Type::INT64: return CopyTyped<arrow::Int64Array>(array, DType::kI64, place, out, at, per_row);
    case arrow::Type::FLOAT: return CopyTyped<arrow::FloatArray>(array, DType::kF32, place, out, at, per_row);
    case arrow::Type::DOUBLE: return CopyTyped<arrow::DoubleArray>(array, DType::kF64, place, out, at, per_row);
    case arrow::Type::HALF_FLOAT: return CopyHalves(array, place, out, at);
    default: ThrowInput("numbers are needed and the column holds " + array.type()->ToString(), place.Row(0));
  }
}

void DemandNoNulls(const arrow::Array& array, const ColumnPlace& place, int64_t per_row) {
  if (array.null_count() == 0) return;
  int64_t row = 0;
  while (row < array.length() && !array.IsNull(row)) ++row;
  ThrowInput("a value is missing (null)", place.Row(row / per_row));
}

template <class List>
std::shared_ptr<arrow::Array> ListItems(const arrow::Array& array, int64_t size, const ColumnPlace& place,
                                        int64_t per_row) {
  const auto& list = static_cast<const List&>(array);
  for (int64_t i = 0; i < list.length(); ++i) {
    if (static_cast<int64_t>(list.value_length(i)) != size) {
      ThrowInput("a list of " + std::to_string(list.value_length(i)) + " values, where the feature's shape has " +
                     std::to_string(size),
                 place.Row(i / per_row));
    }
  }
  if (list.length() == 0) return list.values()->Slice(0, 0);
  return list.values()->Slice(list.value_offset(0), list.length() * size);
}

// The items of all lists in `array`, each of which must have `size`.
std::shared_ptr<arrow::Array> Items(const arrow::Array& array, int64_t size, const ColumnPlace& place,
                                    int64_t per_row) {
  switch (array.type_id()) {
    case arrow::Type::FIXED_SIZE_LIST: return ListItems<arrow::FixedSizeListArray>(array, size, place, per_row);
    case arrow::Type::LIST: return ListItems<arrow::ListArray>(array, size, place, per_row);
    case arrow::Type::LARGE_LIST: return ListItems<arrow::LargeListArray>(array, size, place, per_row);
    default:
      ThrowInput(
          "lists of " + std::to_string(size) + " values are needed and the column holds " + array.type()->ToString(),
          place.Row(0));
  }
}

const arrow::Array& Storage(const arrow::Array& array) {
  return array.type_id() == arrow::Type::EXTENSION ? *static_cast<const arrow::ExtensionArray&>(array).storage()
                                                   : array;
}

void CopyLevels(const arrow::Array& raw, const contract::Shape& value_shape, size_t level, const ColumnPlace& place,
                contract::Array& out, int64_t at, int64_t per_row) {
  const arrow::Array& array = Storage(raw);
  DemandNoNulls(array, place, per_row);
  if (level == value_shape.size()) return CopyLeaf(array, place, out, at, per_row);
  const auto items = Items(array, value_shape[level], place, per_row);
  CopyLevels(*items, value_shape, level + 1, place, out, at, per_row * std::max<int64_t>(value_shape[level], 1));
}

bool IsOneItemList(const arrow::Array& array) {
  const auto type = Storage(array).type_id();
  return type == arrow::Type::FIXED_SIZE_LIST || type == arrow::Type::LIST || type == arrow::Type::LARGE_LIST;
}

nlohmann::ordered_json JsonOfList(const arrow::Array& items, int64_t first, int64_t count, const ColumnPlace& place) {
  auto json = nlohmann::ordered_json::array();
  for (int64_t i = first; i < first + count; ++i) json.push_back(JsonAt(items, i, place));
  return json;
}

template <class List>
nlohmann::ordered_json JsonOfListAt(const arrow::Array& array, int64_t row, const ColumnPlace& place) {
  const auto& list = static_cast<const List&>(array);
  return JsonOfList(*list.values(), list.value_offset(row), list.value_length(row), place);
}

}  // namespace

std::string ColumnPlace::Row(int64_t row) const {
  return file + ", column " + column + ", row " + std::to_string(first_row + row);
}

void CopyNumbers(const arrow::Array& array, const contract::Shape& value_shape, const ColumnPlace& place,
                 contract::Array& out, int64_t& at) {
  const int64_t count = array.length() * contract::NumItems(value_shape);
  HEDDLE_DEMAND(at + count <= out.size());
  // A scalar may be stored as a list of one.
  static const contract::Shape kOne = {1};
  const bool wrapped = value_shape.empty() && IsOneItemList(array);
  CopyLevels(array, wrapped ? kOne : value_shape, 0, place, out, at, 1);
  at += count;
}

std::string TextAt(const arrow::Array& raw, int64_t row, const ColumnPlace& place) {
  const arrow::Array& array = Storage(raw);
  if (array.IsNull(row)) ThrowInput("a value is missing (null)", place.Row(row));
  switch (array.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY: return static_cast<const arrow::BinaryArray&>(array).GetString(row);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY: return static_cast<const arrow::LargeBinaryArray&>(array).GetString(row);
    case arrow::Type::DICTIONARY: {
      const auto& dictionary = static_cast<const arrow::DictionaryArray&>(array);
      return TextAt(*dictionary.dictionary(), dictionary.GetValueIndex(row), place);
    }
    default: ThrowInput("text is needed and the column holds " + array.type()->ToString(), place.Row(row));
  }
}

nlohmann::ordered_json JsonAt(const arrow::Array& raw, int64_t row, const ColumnPlace& place) {
  const arrow::Array& array = Storage(raw);
  if (array.IsNull(row)) return nullptr;
  switch (array.type_id()) {
    case arrow::Type::LIST: return JsonOfListAt<arrow::ListArray>(array, row, place);
    case arrow::Type::LARGE_LIST: return JsonOfListAt<arrow::LargeListArray>(array, row, place);
    case arrow::Type::FIXED_SIZE_LIST: return JsonOfListAt<arrow::FixedSizeListArray>(array, row, place);
    case arrow::Type::STRUCT: {
      const auto& object = static_cast<const arrow::StructArray&>(array);
      auto json = nlohmann::ordered_json::object();
      for (int i = 0; i < object.num_fields(); ++i) {
        json[object.struct_type()->field(i)->name()] = JsonAt(*object.field(i), row, place);
      }
      return json;
    }
    case arrow::Type::BOOL: return static_cast<const arrow::BooleanArray&>(array).Value(row);
    case arrow::Type::FLOAT: return static_cast<double>(static_cast<const arrow::FloatArray&>(array).Value(row));
    case arrow::Type::DOUBLE: return static_cast<const arrow::DoubleArray&>(array).Value(row);
    case arrow::Type::NA: return nullptr;
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::DICTIONARY: return TextAt(array, row, place);
    default: break;
  }
  contract::Array number(DType::kI64, {1});
  int64_t at = 0;
  CopyNumbers(*array.Slice(row, 1), {}, place, number, at);
  return number.Values<int64_t>()[0];
}

}  // namespace heddle::data
