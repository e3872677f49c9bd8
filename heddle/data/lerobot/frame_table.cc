#include "heddle/data/lerobot/frame_table.h"

#include <arrow/api.h>

#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/json.h"
#include "heddle/data/lerobot/arrow_check.h"
#include "heddle/data/lerobot/language_column.h"
#include "heddle/data/lerobot/statistics.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;
using ArrayPtr = std::shared_ptr<arrow::Array>;
using TypePtr = std::shared_ptr<arrow::DataType>;
using contract::Array;
using contract::DType;

TypePtr ItemType(DType dtype) {
  switch (dtype) {
    case DType::kBool: return arrow::boolean();
    case DType::kU8: return arrow::uint8();
    case DType::kI8: return arrow::int8();
    case DType::kU16: return arrow::uint16();
    case DType::kI16: return arrow::int16();
    case DType::kU32: return arrow::uint32();
    case DType::kI32: return arrow::int32();
    case DType::kU64: return arrow::uint64();
    case DType::kI64: return arrow::int64();
    case DType::kF16: return arrow::float16();
    case DType::kF32: return arrow::float32();
    case DType::kF64: return arrow::float64();
  }
  return nullptr;
}

// A vector is a list of fixed size; of more dimensions, all are plain lists, as LeRobot has them.
TypePtr NumberType(const Feature& feature) {
  const contract::Shape shape = feature.value_shape();
  TypePtr type = ItemType(feature.dtype);
  if (shape.size() == 1) return arrow::fixed_size_list(arrow::field("element", type), static_cast<int32_t>(shape[0]));
  for (size_t i = 0; i < shape.size(); ++i) type = arrow::list(arrow::field("element", type));
  return type;
}

TypePtr ImageType() {
  return arrow::struct_({arrow::field("bytes", arrow::binary()), arrow::field("path", arrow::utf8())});
}

TypePtr ColumnType(const Feature& feature) {
  switch (feature.kind) {
    case FeatureKind::kNumeric: return NumberType(feature);
    case FeatureKind::kText: return arrow::utf8();
    case FeatureKind::kImage: return ImageType();
    case FeatureKind::kLanguage: return LanguageType(feature.name);
    case FeatureKind::kVideo: break;
  }
  HEDDLE_DEMAND(false);
}

Json HubType(const Feature& feature) {
  if (feature.kind == FeatureKind::kImage) return {{"_type", "Image"}};
  if (feature.kind == FeatureKind::kLanguage) return LanguageHubType(feature.name);
  const std::string dtype = feature.kind == FeatureKind::kText ? "string" : contract::DTypeName(feature.dtype);
  const Json value = {{"dtype", dtype}, {"_type", "Value"}};
  const contract::Shape shape = feature.value_shape();
  if (shape.empty()) return value;
  if (shape.size() == 1) return {{"feature", value}, {"length", shape[0]}, {"_type", "List"}};
  return {{"shape", shape}, {"dtype", dtype}, {"_type", "Array" + std::to_string(shape.size()) + "D"}};
}

ArrayPtr Booleans(const std::byte* bytes, int64_t count) {
  arrow::BooleanBuilder builder;
  RequireBuilt(builder.AppendValues(reinterpret_cast<const uint8_t*>(bytes), count));
  ArrayPtr array;
  RequireBuilt(builder.Finish(&array));
  return array;
}

ArrayPtr Items(DType dtype, const std::byte* bytes, int64_t count) {
  if (dtype == DType::kBool) return Booleans(bytes, count);
  const auto size = static_cast<size_t>(count) * contract::ItemSize(dtype);
  auto buffer = arrow::Buffer::FromString(std::string(reinterpret_cast<const char*>(bytes), size));
  return arrow::MakeArray(arrow::ArrayData::Make(ItemType(dtype), count, {nullptr, std::move(buffer)}, 0));
}

// Lists of `length` items each.
ArrayPtr Lists(const ArrayPtr& items, int64_t length) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  if (items->length() > kMost) RequireBuilt(arrow::Status::CapacityError("too many items"));
  arrow::Int32Builder offsets;
  for (int64_t at = 0; at <= items->length(); at += length) RequireBuilt(offsets.Append(static_cast<int32_t>(at)));
  ArrayPtr starts;
  RequireBuilt(offsets.Finish(&starts));
  auto lists = arrow::ListArray::FromArrays(arrow::list(arrow::field("element", items->type())), *starts, *items);
  RequireBuilt(lists.status());
  return *lists;
}

ArrayPtr Numbers(const Feature& feature, const std::byte* bytes, int64_t frames) {
  const contract::Shape shape = feature.value_shape();
  ArrayPtr array = Items(feature.dtype, bytes, frames * contract::NumItems(shape));
  if (shape.size() == 1) {
    auto lists = arrow::FixedSizeListArray::FromArrays(array, NumberType(feature));
    RequireBuilt(lists.status());
    return *lists;
  }
  for (size_t i = shape.size(); i-- > 0;) array = Lists(array, shape[i]);
  return array;
}

ArrayPtr Texts(const std::vector<std::string>& texts) {
  arrow::StringBuilder builder;
  RequireBuilt(builder.AppendValues(texts));
  ArrayPtr array;
  RequireBuilt(builder.Finish(&array));
  return array;
}

const char* Ending(const std::string& bytes) {
  if (bytes.starts_with("\xff\xd8")) return "jpg";
  if (bytes.starts_with("II*") || bytes.starts_with(std::string_view("MM\0*", 4))) return "tiff";
  return "png";
}

ArrayPtr Pictures(const std::vector<std::string>& files) {
  arrow::BinaryBuilder bytes;
  arrow::StringBuilder paths;
  for (size_t i = 0; i < files.size(); ++i) {
    std::string number = std::to_string(i);
    number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
    RequireBuilt(bytes.Append(files[i]));
    RequireBuilt(paths.Append("frame-" + number + "." + Ending(files[i])));
  }
  ArrayPtr byte_array, path_array;
  RequireBuilt(bytes.Finish(&byte_array));
  RequireBuilt(paths.Finish(&path_array));
  return std::make_shared<arrow::StructArray>(ImageType(), byte_array->length(),
                                              arrow::ArrayVector{byte_array, path_array});
}

// The columns that no user supplies.
Array Bookkeeping(const std::string& name, const FrameColumns& frames, const EpisodePosition& position) {
  const int64_t n = frames.num_frames();
  Array array(name == "timestamp" ? DType::kF32 : DType::kI64, {n});
  if (name == "timestamp") {
    const auto times = array.Values<float>();
    for (size_t i = 0; i < times.size(); ++i) times[i] = static_cast<float>(static_cast<double>(i) / position.fps);
    return array;
  }
  const auto values = array.Values<int64_t>();
  for (int64_t i = 0; i < n; ++i) {
    values[static_cast<size_t>(i)] = name == "frame_index"     ? i
                                     : name == "episode_index" ? position.episode
                                     : name == "index"         ? position.first_row + i
                                                               : frames.task_indices[static_cast<size_t>(i)];
  }
  return array;
}

ArrayPtr ColumnArray(const Feature& feature, const FrameColumns::Column& column, int64_t frames) {
  switch (feature.kind) {
    case FeatureKind::kNumeric: return Numbers(feature, column.numbers.data(), frames);
    case FeatureKind::kText: return Texts(column.texts);
    case FeatureKind::kImage: return Pictures(column.texts);
    default: return LanguageArray(feature.name, column.language);
  }
}

}  // namespace

std::shared_ptr<arrow::Schema> DataSchema(const DatasetInfo& info) {
  arrow::FieldVector fields;
  Json types = Json::object();
  for (const Feature& feature : info.features) {
    if (!feature.is_column()) continue;
    fields.push_back(arrow::field(feature.name, ColumnType(feature)));
    types[feature.name] = HubType(feature);
  }
  const Json hub = {{"info", {{"features", types}}}};
  return arrow::schema(fields, arrow::key_value_metadata({"huggingface"}, {DumpJson(hub)}));
}

std::shared_ptr<arrow::Table> DataTable(const DatasetInfo& info, const FrameColumns& frames,
                                        const EpisodePosition& position) {
  const int64_t n = frames.num_frames();
  arrow::ArrayVector arrays;
  for (const Feature& feature : info.features) {
    if (!feature.is_column()) continue;
    if (IsBookkeeping(feature.name)) {
      const Array values = Bookkeeping(feature.name, frames, position);
      arrays.push_back(Items(values.dtype(), values.bytes().data(), n));
    } else {
      arrays.push_back(ColumnArray(feature, frames.columns.at(feature.name), n));
    }
  }
  return arrow::Table::Make(DataSchema(info), arrays, n);
}

contract::Statistics ColumnStatistics(const DatasetInfo& info, const FrameColumns& frames,
                                      const EpisodePosition& position) {
  contract::Statistics statistics;
  for (const Feature& feature : info.features) {
    if (feature.kind != FeatureKind::kNumeric) continue;
    if (IsBookkeeping(feature.name)) {
      statistics[feature.name] = NumberStatistics(Bookkeeping(feature.name, frames, position));
      continue;
    }
    contract::Shape shape = feature.value_shape();
    shape.insert(shape.begin(), frames.num_frames());
    Array values(feature.dtype, shape);
    std::memcpy(values.bytes().data(), frames.columns.at(feature.name).numbers.data(), values.bytes().size());
    statistics[feature.name] = NumberStatistics(values);
  }
  return statistics;
}

}  // namespace heddle::data
