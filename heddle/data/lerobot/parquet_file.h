// A Parquet file, read column by column into our own types. No Arrow in this header.
//
// Columns are accepted in every form that writers of LeRobot data use: scalars, fixed-size lists, lists and large lists
// (nested for 2 and more dimensions), strings and binaries of either width, a wider or narrower number type than the
// one asked for. What a column holds is checked against what is asked: a null, a list of another length, a number that
// does not fit is kInput with file, column and row.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/contract/array.h"

namespace heddle::data {

struct RowRange {
  int64_t first = 0, count = 0;
};

// Safe for several threads: reads of one file wait for each other.
class ParquetFile {
 public:
  // `place` names the file in errors. kInput if it is not a whole Parquet file.
  ParquetFile(const std::filesystem::path& file, std::string place);
  ~ParquetFile();
  ParquetFile(const ParquetFile&) = delete;
  ParquetFile& operator=(const ParquetFile&) = delete;

  int64_t num_rows() const;
  const std::vector<std::string>& columns() const;  // top-level, in the file's order
  bool Has(const std::string& column) const;
  // Ranges of the row groups, in order: what is read from disk at once.
  const std::vector<RowRange>& row_groups() const;
  // What a column holds, in Arrow's words: "fixed_size_list<element: float>[7]".
  std::string TypeOf(const std::string& column) const;
  const std::string& place() const;

  // [count, ...value_shape] of `dtype`.
  contract::Array ReadNumbers(const std::string& column, contract::DType dtype, const contract::Shape& value_shape,
                              RowRange rows);
  std::vector<std::string> ReadTexts(const std::string& column, RowRange rows);
  // struct<bytes, path>: the bytes; where they are null, empty with the path in `paths`.
  struct ImageCell {
    std::string bytes, path;
  };
  std::vector<ImageCell> ReadImages(const std::string& column, RowRange rows);
  // Whatever is there, as JSON: lists, structs, numbers, text, null. For small tables and annotation columns.
  std::vector<nlohmann::ordered_json> ReadJson(const std::string& column, RowRange rows);
  RowRange all_rows() const { return {0, num_rows()}; }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data
