#include "heddle/data/lerobot/episode_record.h"

#include <arrow/api.h>

#include <algorithm>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/data/lerobot/arrow_check.h"
#include "heddle/data/lerobot/parquet_file.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;
using ArrayPtr = std::shared_ptr<arrow::Array>;
using TypePtr = std::shared_ptr<arrow::DataType>;

bool HasStatistics(const Feature& feature) { return feature.kind == FeatureKind::kNumeric || feature.is_camera(); }

TypePtr ListOf(TypePtr type) { return arrow::list(arrow::field("element", std::move(type))); }

template <class Builder, class Value>
ArrayPtr OneOf(const Value& value) {
  Builder builder;
  RequireBuilt(builder.Append(value));
  ArrayPtr array;
  RequireBuilt(builder.Finish(&array));
  return array;
}

ArrayPtr Whole(int64_t value) { return OneOf<arrow::Int64Builder>(value); }
ArrayPtr Number(double value) { return OneOf<arrow::DoubleBuilder>(value); }

// `items` cut into lists of `length`.
ArrayPtr Cut(const ArrayPtr& items, int64_t length) {
  arrow::Int32Builder offsets;
  for (int64_t at = 0; at <= items->length(); at += length) RequireBuilt(offsets.Append(static_cast<int32_t>(at)));
  ArrayPtr starts;
  RequireBuilt(offsets.Finish(&starts));
  auto lists = arrow::ListArray::FromArrays(ListOf(items->type()), *starts, *items);
  RequireBuilt(lists.status());
  return *lists;
}

ArrayPtr OneList(const ArrayPtr& items) { return Cut(items, std::max<int64_t>(items->length(), 1)); }

ArrayPtr Doubles(const std::vector<double>& values) {
  arrow::DoubleBuilder builder;
  RequireBuilt(builder.AppendValues(values));
  ArrayPtr array;
  RequireBuilt(builder.Finish(&array));
  return array;
}

ArrayPtr StatisticArray(const Feature& feature, const std::vector<double>& values) {
  const ArrayPtr items = Doubles(values);
  return OneList(feature.is_camera() ? Cut(Cut(items, 1), 1) : items);
}

ArrayPtr TaskList(const std::vector<std::string>& tasks) {
  arrow::StringBuilder builder;
  RequireBuilt(builder.AppendValues(tasks));
  ArrayPtr array;
  RequireBuilt(builder.Finish(&array));
  return OneList(array);
}

// Fields and values side by side, so that the schema and the row can't come apart.
struct Row {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;

  void Add(const std::string& name, ArrayPtr array) {
    fields.push_back(arrow::field(name, array->type()));
    arrays.push_back(std::move(array));
  }
};

void AddStatistics(const DatasetInfo& info, const EpisodeRecord& record, Row& row) {
  for (const Feature& feature : info.features) {
    if (!HasStatistics(feature)) continue;
    const contract::FeatureStatistics& statistics = record.statistics.at(feature.name);
    const std::string prefix = "stats/" + feature.name + "/";
    for (const auto& [name, list] : contract::StatisticLists()) {
      row.Add(prefix + name, StatisticArray(feature, statistics.*list));
      if (std::string_view(name) == "std") row.Add(prefix + "count", OneList(Whole(statistics.count)));
    }
  }
}

Row RowOf(const DatasetInfo& info, const EpisodeRecord& record) {
  Row row;
  row.Add("episode_index", Whole(record.index));
  row.Add("tasks", TaskList(record.tasks));
  row.Add("length", Whole(record.length));
  row.Add("data/chunk_index", Whole(record.data.chunk));
  row.Add("data/file_index", Whole(record.data.file));
  row.Add("dataset_from_index", Whole(record.first_row));
  row.Add("dataset_to_index", Whole(record.first_row + record.length));
  for (const Feature& feature : info.features) {
    if (feature.kind != FeatureKind::kVideo) continue;
    const EpisodeRecord::Video& video = record.videos.at(feature.name);
    const std::string prefix = "videos/" + feature.name + "/";
    row.Add(prefix + "chunk_index", Whole(video.place.chunk));
    row.Add(prefix + "file_index", Whole(video.place.file));
    row.Add(prefix + "from_timestamp", Number(video.from_s));
    row.Add(prefix + "to_timestamp", Number(video.to_s));
  }
  AddStatistics(info, record, row);
  row.Add("meta/episodes/chunk_index", Whole(record.episodes.chunk));
  row.Add("meta/episodes/file_index", Whole(record.episodes.file));
  return row;
}

// A row with a value in each list, for its types.
EpisodeRecord Sample(const DatasetInfo& info) {
  EpisodeRecord record;
  for (const Feature& feature : info.features) {
    if (feature.kind == FeatureKind::kVideo) record.videos[feature.name];
    record.statistics[feature.name];
  }
  return record;
}

// The columns of one file that hold whole numbers or times.
class Columns {
 public:
  Columns(ParquetFile& file, int64_t rows) : file_(file), rows_(rows) {}

  int64_t Whole(const std::string& column, size_t row) {
    return Get(column, contract::DType::kI64).Values<int64_t>()[row];
  }
  double Number(const std::string& column, size_t row) {
    return Get(column, contract::DType::kF64).Values<double>()[row];
  }
  const Json& Any(const std::string& column, size_t row) {
    const auto [at, is_new] = json_.try_emplace(column);
    if (is_new) at->second = file_.ReadJson(column, {0, rows_});
    return at->second[row];
  }
  FilePlace Place(const std::string& prefix, size_t row) {
    return {Whole(prefix + "chunk_index", row), Whole(prefix + "file_index", row)};
  }

 private:
  const contract::Array& Get(const std::string& column, contract::DType dtype) {
    const auto [at, is_new] = numbers_.try_emplace(column);
    if (is_new) at->second = file_.ReadNumbers(column, dtype, {}, {0, rows_});
    return at->second;
  }

  ParquetFile& file_;
  const int64_t rows_;
  std::map<std::string, contract::Array> numbers_;
  std::map<std::string, std::vector<Json>> json_;
};

contract::Statistics ReadStatistics(const DatasetInfo& info, Columns& columns, size_t row, const std::string& place) {
  Json json = Json::object();
  for (const Feature& feature : info.features) {
    if (!HasStatistics(feature)) continue;
    const std::string prefix = "stats/" + feature.name + "/";
    Json& object = json[feature.name] = Json::object();
    for (const auto& [name, list] : contract::StatisticLists()) object[name] = columns.Any(prefix + name, row);
    object["count"] = columns.Any(prefix + "count", row);
  }
  return contract::StatisticsFromJson(json, place);
}

EpisodeRecord ReadRecord(const DatasetInfo& info, Columns& columns, size_t row, const std::string& place) {
  EpisodeRecord record;
  record.index = columns.Whole("episode_index", row);
  record.length = columns.Whole("length", row);
  record.first_row = columns.Whole("dataset_from_index", row);
  record.data = columns.Place("data/", row);
  record.episodes = columns.Place("meta/episodes/", row);
  for (const Json& task : columns.Any("tasks", row)) record.tasks.push_back(task.get<std::string>());
  for (const Feature& feature : info.features) {
    if (feature.kind != FeatureKind::kVideo) continue;
    const std::string prefix = "videos/" + feature.name + "/";
    record.videos[feature.name] = {columns.Place(prefix, row), columns.Number(prefix + "from_timestamp", row),
                                   columns.Number(prefix + "to_timestamp", row)};
  }
  record.statistics = ReadStatistics(info, columns, row, place);
  return record;
}

}  // namespace

std::shared_ptr<arrow::Schema> EpisodeSchema(const DatasetInfo& info) {
  return arrow::schema(RowOf(info, Sample(info)).fields);
}

std::shared_ptr<arrow::Table> EpisodeTable(const DatasetInfo& info, const EpisodeRecord& record) {
  const Row row = RowOf(info, record);
  return arrow::Table::Make(EpisodeSchema(info), row.arrays, 1);
}

std::vector<EpisodeRecord> ReadEpisodeRecords(const std::filesystem::path& root, FilePlace file,
                                              const DatasetInfo& info, int64_t most) {
  const std::string place = EpisodesPath(file).string();
  ParquetFile parquet(root / place, place);
  const int64_t rows = std::min(most, parquet.num_rows());
  Columns columns(parquet, rows);
  std::vector<EpisodeRecord> records;
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    records.push_back(ReadRecord(info, columns, row, place + ", row " + std::to_string(row)));
  }
  return records;
}

Json StatisticsJson(const contract::Statistics& statistics, const DatasetInfo& info) {
  Json json = contract::ToJson(statistics);
  for (auto& [name, feature] : json.items()) {
    if (!info.Require(name).is_camera()) continue;
    for (auto& [list, values] : feature.items()) {
      if (list == "count") continue;
      for (Json& value : values) value = Json::array({Json::array({value})});
    }
  }
  return json;
}

}  // namespace heddle::data
