#include "heddle/data/lerobot/parquet_file.h"

#include <arrow/api.h>
#include <arrow/io/api.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "heddle/core/error.h"
#include "heddle/data/lerobot/arrow_values.h"

namespace heddle::data {
namespace {

constexpr const char* kDamaged = "the file is damaged or was not finished: take a copy that is whole";

[[noreturn]] void FailRead(const std::string& place, const std::string& message) {
  std::string line = message.substr(0, message.find('\n'));
  if (line.size() > 200) line.resize(200);
  ThrowInput("is no readable Parquet file: " + line, place, kDamaged);
}

void Check(const arrow::Status& status, const std::string& place) {
  if (!status.ok()) FailRead(place, status.message());
}

// Runs what may throw Parquet's exceptions.
template <class Work>
auto Guarded(const std::string& place, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const parquet::ParquetException& error) {
    FailRead(place, error.what());
  } catch (const std::bad_alloc&) {
    FailRead(place, "it claims more values than memory can hold");
  } catch (const std::length_error&) {
    FailRead(place, "it claims more values than memory can hold");
  }
}

}  // namespace

struct ParquetFile::Parts {
  std::string place;
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::shared_ptr<arrow::Schema> schema;
  std::vector<std::string> columns;
  std::map<std::string, std::vector<int>> leaves;  // of each top-level column
  std::vector<RowRange> groups;
  int64_t num_rows = 0;
  std::mutex mutex;

  std::shared_ptr<arrow::ChunkedArray> Read(const std::string& column, RowRange rows);
};

namespace {

void CollectLeaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
  if (field.is_leaf()) leaves.push_back(field.column_index);
  for (const auto& child : field.children) CollectLeaves(child, leaves);
}

std::unique_ptr<parquet::arrow::FileReader> OpenReader(const std::filesystem::path& file, const std::string& place) {
  auto source = arrow::io::ReadableFile::Open(file.string());
  if (!source.ok()) ThrowInput("can't be opened: " + source.status().message(), place);
  parquet::ReaderProperties properties;
  properties.set_page_checksum_verification(true);
  parquet::ArrowReaderProperties arrow_properties;
  arrow_properties.set_use_threads(false);
  arrow_properties.set_pre_buffer(false);
  parquet::arrow::FileReaderBuilder builder;
  Check(builder.Open(*source, properties), place);
  builder.properties(arrow_properties);
  auto reader = builder.Build();
  Check(reader.status(), place);
  return std::move(*reader);
}

}  // namespace

ParquetFile::ParquetFile(const std::filesystem::path& file, std::string place) : parts_(std::make_unique<Parts>()) {
  parts_->place = std::move(place);
  Guarded(parts_->place, [&] {
    parts_->reader = OpenReader(file, parts_->place);
    Check(parts_->reader->GetSchema(&parts_->schema), parts_->place);
    for (const auto& field : parts_->reader->manifest().schema_fields) {
      const std::string& name = field.field->name();
      parts_->columns.push_back(name);
      CollectLeaves(field, parts_->leaves[name]);
    }
    const auto metadata = parts_->reader->parquet_reader()->metadata();
    for (int i = 0; i < metadata->num_row_groups(); ++i) {
      const int64_t count = metadata->RowGroup(i)->num_rows();
      if (count < 0) FailRead(parts_->place, "a row group of a negative number of rows");
      parts_->groups.push_back({parts_->num_rows, count});
      parts_->num_rows += count;
    }
  });
}

ParquetFile::~ParquetFile() = default;

int64_t ParquetFile::num_rows() const { return parts_->num_rows; }
const std::vector<std::string>& ParquetFile::columns() const { return parts_->columns; }
bool ParquetFile::Has(const std::string& column) const { return parts_->leaves.contains(column); }
const std::vector<RowRange>& ParquetFile::row_groups() const { return parts_->groups; }
const std::string& ParquetFile::place() const { return parts_->place; }

std::string ParquetFile::TypeOf(const std::string& column) const {
  const auto field = parts_->schema->GetFieldByName(column);
  return field ? field->type()->ToString() : "";
}

std::shared_ptr<arrow::ChunkedArray> ParquetFile::Parts::Read(const std::string& column, RowRange rows) {
  const auto found = leaves.find(column);
  if (found == leaves.end()) ThrowInput("the column '" + column + "' is missing", place);
  if (rows.first < 0 || rows.count < 0 || rows.count > num_rows || rows.first > num_rows - rows.count) {
    ThrowInput("has " + std::to_string(num_rows) + " rows, and rows " + std::to_string(rows.first) + " to " +
                   std::to_string(rows.first + rows.count - 1) + " are asked for",
               place, "the episode table and the data do not belong together: take a copy that is whole");
  }
  std::vector<int> wanted;
  int64_t begin = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto [first, count] = groups[i];
    if (first + count <= rows.first || first >= rows.first + rows.count) continue;
    if (wanted.empty()) begin = first;
    wanted.push_back(static_cast<int>(i));
  }
  return Guarded(place, [&] {
    const std::lock_guard lock(mutex);
    auto table = reader->ReadRowGroups(wanted, found->second);
    Check(table.status(), place);
    if ((*table)->num_columns() != 1) FailRead(place, "column '" + column + "' can't be read by itself");
    auto values = (*table)->column(0);
    if (values->length() < rows.first - begin + rows.count) FailRead(place, "fewer values than rows");
    values = values->Slice(rows.first - begin, rows.count);
    for (const auto& chunk : values->chunks()) Check(chunk->ValidateFull(), place);
    return values;
  });
}

contract::Array ParquetFile::ReadNumbers(const std::string& column, contract::DType dtype,
                                         const contract::Shape& value_shape, RowRange rows) {
  const auto values = parts_->Read(column, rows);
  contract::Shape shape = {rows.count};
  shape.insert(shape.end(), value_shape.begin(), value_shape.end());
  contract::Array out(dtype, shape);
  ColumnPlace where{parts_->place, column, rows.first};
  int64_t at = 0;
  for (const auto& chunk : values->chunks()) {
    CopyNumbers(*chunk, value_shape, where, out, at);
    where.first_row += chunk->length();
  }
  return out;
}

std::vector<std::string> ParquetFile::ReadTexts(const std::string& column, RowRange rows) {
  const auto values = parts_->Read(column, rows);
  std::vector<std::string> texts;
  ColumnPlace where{parts_->place, column, rows.first};
  for (const auto& chunk : values->chunks()) {
    for (int64_t i = 0; i < chunk->length(); ++i) texts.push_back(TextAt(*chunk, i, where));
    where.first_row += chunk->length();
  }
  return texts;
}

std::vector<ParquetFile::ImageCell> ParquetFile::ReadImages(const std::string& column, RowRange rows) {
  const auto values = parts_->Read(column, rows);
  std::vector<ImageCell> cells;
  ColumnPlace where{parts_->place, column, rows.first};
  for (const auto& chunk : values->chunks()) {
    if (chunk->type_id() != arrow::Type::STRUCT) {
      ThrowInput("pictures (struct of bytes and path) are needed and the column holds " + chunk->type()->ToString(),
                 where.Row(0));
    }
    const auto& structs = static_cast<const arrow::StructArray&>(*chunk);
    const auto bytes = structs.GetFieldByName("bytes"), path = structs.GetFieldByName("path");
    for (int64_t i = 0; i < chunk->length(); ++i) {
      ImageCell cell;
      if (bytes && !structs.IsNull(i) && !bytes->IsNull(i)) cell.bytes = TextAt(*bytes, i, where);
      if (path && !structs.IsNull(i) && !path->IsNull(i)) cell.path = TextAt(*path, i, where);
      if (cell.bytes.empty() && cell.path.empty()) ThrowInput("a picture is missing (null)", where.Row(i));
      cells.push_back(std::move(cell));
    }
    where.first_row += chunk->length();
  }
  return cells;
}

std::vector<nlohmann::ordered_json> ParquetFile::ReadJson(const std::string& column, RowRange rows) {
  const auto values = parts_->Read(column, rows);
  std::vector<nlohmann::ordered_json> list;
  ColumnPlace where{parts_->place, column, rows.first};
  for (const auto& chunk : values->chunks()) {
    for (int64_t i = 0; i < chunk->length(); ++i) list.push_back(JsonAt(*chunk, i, where));
    where.first_row += chunk->length();
  }
  return list;
}

}  // namespace heddle::data
