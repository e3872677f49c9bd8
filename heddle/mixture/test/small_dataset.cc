#include "heddle/mixture/test/small_dataset.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "heddle/core/json.h"
#include "heddle/data/video/image_codec.h"

namespace heddle::mixture {
namespace {

using nlohmann::ordered_json;
using Columns = std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>>;

void Must(const arrow::Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }

template <class Builder, class Value>
std::shared_ptr<arrow::Array> Column(size_t count, Value value) {
  Builder builder;
  for (size_t i = 0; i < count; ++i) Must(builder.Append(value(i)));
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> Vectors(const std::vector<SmallFrame>& frames, const std::string& name) {
  const size_t size = frames[0].numbers.at(name).size();
  const auto flat = Column<arrow::FloatBuilder>(frames.size() * size,
                                                [&](size_t i) { return frames[i / size].numbers.at(name)[i % size]; });
  return arrow::FixedSizeListArray::FromArrays(flat, int32_t(size)).ValueOrDie();
}

std::shared_ptr<arrow::Array> Pictures(const std::vector<SmallFrame>& frames, const std::string& name) {
  const auto bytes =
      Column<arrow::BinaryBuilder>(frames.size(), [&](size_t i) { return data::EncodePng(frames[i].images.at(name)); });
  const auto paths = Column<arrow::StringBuilder>(frames.size(), [](size_t) { return std::string("frame.png"); });
  return arrow::StructArray::Make({bytes, paths}, std::vector<std::string>{"bytes", "path"}).ValueOrDie();
}

void WriteTable(const std::filesystem::path& file, const Columns& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, array] : columns) {
    fields.push_back(arrow::field(name, array->type()));
    arrays.push_back(array);
  }
  const auto table = arrow::Table::Make(arrow::schema(fields), arrays);
  const auto stream = arrow::io::FileOutputStream::Open(file.string()).ValueOrDie();
  Must(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), stream));
  Must(stream->Close());
}

void WriteEpisode(const std::filesystem::path& file, double fps, int64_t episode, int64_t first,
                  const std::vector<SmallFrame>& frames) {
  Columns columns;
  for (const auto& [name, unused] : frames[0].numbers) columns.emplace_back(name, Vectors(frames, name));
  for (const auto& [name, unused] : frames[0].images) columns.emplace_back(name, Pictures(frames, name));
  const auto whole = [&](int64_t start, int64_t step) {
    return Column<arrow::Int64Builder>(frames.size(), [=](size_t i) { return start + step * int64_t(i); });
  };
  columns.emplace_back("timestamp",
                       Column<arrow::FloatBuilder>(frames.size(), [&](size_t i) { return float(double(i) / fps); }));
  columns.emplace_back("frame_index", whole(0, 1));
  columns.emplace_back("episode_index", whole(episode, 0));
  columns.emplace_back("index", whole(first, 1));
  columns.emplace_back("task_index", whole(0, 0));
  WriteTable(file, columns);
}

ordered_json FeaturesOf(const SmallFrame& frame, const std::map<std::string, std::vector<std::string>>& names) {
  ordered_json features;
  for (const auto& [name, values] : frame.numbers) {
    const auto found = names.find(name);
    features[name] = {{"dtype", "float32"},
                      {"shape", {values.size()}},
                      {"names", found == names.end() ? ordered_json(nullptr) : ordered_json(found->second)}};
  }
  for (const auto& [name, image] : frame.images) {
    features[name] = {
        {"dtype", "image"}, {"shape", {image.height, image.width, 3}}, {"names", {"height", "width", "channels"}}};
  }
  features["timestamp"] = {{"dtype", "float32"}, {"shape", {1}}, {"names", nullptr}};
  for (const char* name : {"frame_index", "episode_index", "index", "task_index"}) {
    features[name] = {{"dtype", "int64"}, {"shape", {1}}, {"names", nullptr}};
  }
  return features;
}

}  // namespace

void WriteSmallDataset(const std::filesystem::path& folder, double fps, const std::string& task,
                       const std::map<std::string, std::vector<std::string>>& names,
                       const std::vector<std::vector<SmallFrame>>& episodes) {
  std::filesystem::create_directories(folder / "meta");
  std::filesystem::create_directories(folder / "data/chunk-000");
  std::ofstream rows(folder / "meta/episodes.jsonl"), statistics(folder / "meta/episodes_stats.jsonl");
  int64_t first = 0;
  for (size_t i = 0; i < episodes.size(); ++i) {
    const std::string number = std::to_string(1000000 + i).substr(1);
    WriteEpisode(folder / "data/chunk-000" / ("episode_" + number + ".parquet"), fps, int64_t(i), first, episodes[i]);
    rows << DumpJson({{"episode_index", i}, {"tasks", {task}}, {"length", episodes[i].size()}}) << "\n";
    statistics << DumpJson({{"episode_index", i}, {"stats", ordered_json::object()}}) << "\n";
    first += int64_t(episodes[i].size());
  }
  std::ofstream(folder / "meta/tasks.jsonl") << DumpJson({{"task_index", 0}, {"task", task}}) << "\n";
  const ordered_json info = {{"codebase_version", "v2.1"},
                             {"fps", fps},
                             {"features", FeaturesOf(episodes[0][0], names)},
                             {"total_episodes", episodes.size()},
                             {"total_frames", first},
                             {"total_tasks", 1},
                             {"total_videos", 0},
                             {"total_chunks", 1},
                             {"chunks_size", 1000},
                             {"data_path", "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet"},
                             {"video_path", nullptr},
                             {"robot_type", nullptr},
                             {"splits", {{"train", "0:" + std::to_string(episodes.size())}}}};
  std::ofstream(folder / "meta/info.json") << DumpJson(info, 4);
}

}  // namespace heddle::mixture
