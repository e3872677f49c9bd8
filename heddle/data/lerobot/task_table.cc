#include "heddle/data/lerobot/task_table.h"

#include <arrow/api.h>

#include <nlohmann/json.hpp>

#include "heddle/core/json.h"
#include "heddle/data/lerobot/arrow_check.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/lerobot/parquet_writer.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;

std::string PandasMetadata() {
  const auto column = [](const char* name, const char* pandas_type, const char* numpy_type) {
    return Json{{"name", name},
                {"field_name", name},
                {"pandas_type", pandas_type},
                {"numpy_type", numpy_type},
                {"metadata", nullptr}};
  };
  Json pandas = Json::object();
  pandas["index_columns"] = Json::array({"task"});
  pandas["column_indexes"] = Json::array();
  pandas["columns"] = Json::array({column("task_index", "int64", "int64"), column("task", "unicode", "object")});
  pandas["pandas_version"] = "2.0.0";
  return DumpJson(pandas);
}

}  // namespace

void WriteTasks(const std::vector<std::string>& tasks, const std::filesystem::path& out) {
  arrow::Int64Builder indices;
  for (int64_t i = 0; i < std::ssize(tasks); ++i) RequireBuilt(indices.Append(i));
  arrow::StringBuilder texts;
  RequireBuilt(texts.AppendValues(tasks));
  std::shared_ptr<arrow::Array> index_array, text_array;
  RequireBuilt(indices.Finish(&index_array));
  RequireBuilt(texts.Finish(&text_array));
  const auto schema = arrow::schema({arrow::field("task_index", arrow::int64()), arrow::field("task", arrow::utf8())},
                                    arrow::key_value_metadata({"pandas"}, {PandasMetadata()}));
  WriteParquet(*arrow::Table::Make(schema, {index_array, text_array}), out);
}

std::vector<std::string> ReadWrittenTasks(const std::filesystem::path& file, int64_t count) {
  if (count == 0) return {};
  ParquetFile parquet(file, "meta/tasks.parquet");
  if (parquet.num_rows() < count) {
    ThrowInput("has fewer tasks than meta/info.json counts", "meta/tasks.parquet", "restore it from a copy");
  }
  return parquet.ReadTexts(parquet.Has("task") ? "task" : "__index_level_0__", {0, count});
}

}  // namespace heddle::data
