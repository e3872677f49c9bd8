// Parquet files as the writer makes them: the same bytes for the same tables, whatever came before.
//
// Format 2.6, SNAPPY, dictionaries, the Arrow schema kept; every table becomes one row group. A file that is written
// with n tables and one that is made of the first n row groups of a longer one have the same bytes, so cutting off what
// was never committed leaves exactly the file that was there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace heddle::data {

// kSystem, with the path, where it can't be written.
void WriteParquet(const arrow::Table& table, const std::filesystem::path& out);

// The first `row_groups` of `from`, one at a time, and then `more`, if given. kInput if `from` has fewer, or columns
// that are not those of `schema`.
void ExtendParquet(const std::filesystem::path& from, int64_t row_groups, const std::shared_ptr<arrow::Schema>& schema,
                   const arrow::Table* more, const std::filesystem::path& out);

// All rows of `from` up to `rows` and then those of `more`, if given, as one row group.
void ExtendParquetRows(const std::filesystem::path& from, int64_t rows, const std::shared_ptr<arrow::Schema>& schema,
                       const arrow::Table* more, const std::filesystem::path& out);

// kInput unless the file's columns are those of `schema`: such a file can be extended.
void RequireSchema(const std::filesystem::path& file, const std::shared_ptr<arrow::Schema>& schema);

int64_t CountRowGroups(const std::filesystem::path& file);

}  // namespace heddle::data
