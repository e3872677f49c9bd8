#include "heddle/data/lerobot/parquet_writer.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "heddle/data/lerobot/arrow_check.h"

namespace heddle::data {
namespace {

using TablePtr = std::shared_ptr<arrow::Table>;

std::shared_ptr<parquet::WriterProperties> FileProperties() {
  parquet::WriterProperties::Builder builder;
  builder.version(parquet::ParquetVersion::PARQUET_2_6)->compression(parquet::Compression::SNAPPY);
  builder.max_row_group_length(std::numeric_limits<int64_t>::max());
  return builder.build();
}

class Writer {
 public:
  Writer(const arrow::Schema& schema, const std::filesystem::path& out) : where_(out.string()) {
    auto opened = arrow::io::FileOutputStream::Open(where_);
    RequireWritten(opened.status(), where_);
    stream_ = *std::move(opened);
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    auto writer = parquet::arrow::FileWriter::Open(schema, arrow::default_memory_pool(), stream_, FileProperties(),
                                                   arrow_properties);
    RequireWritten(writer.status(), where_);
    writer_ = *std::move(writer);
  }

  void WriteRowGroup(const arrow::Table& table) {
    auto whole = table.CombineChunks();  // as pieces of a column would start pages of their own
    RequireBuilt(whole.status());
    RequireWritten(writer_->WriteTable(**whole, std::max<int64_t>(table.num_rows(), 1)), where_);
  }

  void Finish() {
    RequireWritten(writer_->Close(), where_);
    RequireWritten(stream_->Close(), where_);
  }

 private:
  const std::string where_;
  std::shared_ptr<arrow::io::FileOutputStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

std::unique_ptr<parquet::arrow::FileReader> OpenReader(const std::filesystem::path& file) {
  const std::string where = file.string();
  try {
    auto stream = Readable(arrow::io::ReadableFile::Open(where), where);
    return Readable(parquet::arrow::OpenFile(std::move(stream), arrow::default_memory_pool()), where);
  } catch (const parquet::ParquetException& error) {
    ThrowInput("is no whole Parquet file", where, "restore it from a copy");
  }
}

void RequireSameColumns(const arrow::Schema& found, const arrow::Schema& wanted, const std::string& where) {
  bool same = found.num_fields() == wanted.num_fields();
  for (int i = 0; same && i < wanted.num_fields(); ++i) {
    same = found.field(i)->name() == wanted.field(i)->name() && found.field(i)->type()->Equals(wanted.field(i)->type());
  }
  if (same) return;
  ThrowInput("has other columns than this recording would write", where,
             "another program wrote it: record into a new dataset, or copy this one first");
}

// The columns under the schema that the writer makes, without what reading hung onto them.
TablePtr UnderSchema(const TablePtr& table, const std::shared_ptr<arrow::Schema>& schema, const std::string& where) {
  RequireSameColumns(*table->schema(), *schema, where);
  return arrow::Table::Make(schema, table->columns(), table->num_rows());
}

}  // namespace

void WriteParquet(const arrow::Table& table, const std::filesystem::path& out) {
  Writer writer(*table.schema(), out);
  writer.WriteRowGroup(table);
  writer.Finish();
}

void ExtendParquet(const std::filesystem::path& from, int64_t row_groups, const std::shared_ptr<arrow::Schema>& schema,
                   const arrow::Table* more, const std::filesystem::path& out) {
  const auto reader = OpenReader(from);
  if (reader->num_row_groups() < row_groups) {
    ThrowInput("has fewer episodes than the dataset counts in it", from.string(), "restore it from a copy");
  }
  Writer writer(*schema, out);
  for (int64_t i = 0; i < row_groups; ++i) {
    const TablePtr group = Readable(reader->ReadRowGroup(static_cast<int>(i)), from.string());
    writer.WriteRowGroup(*UnderSchema(group, schema, from.string()));
  }
  if (more) writer.WriteRowGroup(*more);
  writer.Finish();
}

void ExtendParquetRows(const std::filesystem::path& from, int64_t rows, const std::shared_ptr<arrow::Schema>& schema,
                       const arrow::Table* more, const std::filesystem::path& out) {
  const TablePtr table = Readable(OpenReader(from)->ReadTable(), from.string());
  if (table->num_rows() < rows) {
    ThrowInput("has fewer rows than the dataset counts in it", from.string(), "restore it from a copy");
  }
  std::vector<TablePtr> parts = {UnderSchema(table, schema, from.string())->Slice(0, rows)};
  if (more) parts.push_back(arrow::Table::Make(schema, more->columns(), more->num_rows()));
  auto joined = arrow::ConcatenateTables(parts);
  RequireBuilt(joined.status());
  WriteParquet(**joined, out);
}

void RequireSchema(const std::filesystem::path& file, const std::shared_ptr<arrow::Schema>& schema) {
  std::shared_ptr<arrow::Schema> found;
  RequireReadable(OpenReader(file)->GetSchema(&found), file.string());
  RequireSameColumns(*found, *schema, file.string());
}

int64_t CountRowGroups(const std::filesystem::path& file) { return OpenReader(file)->num_row_groups(); }

}  // namespace heddle::data
