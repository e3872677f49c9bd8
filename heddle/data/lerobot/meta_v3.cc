// meta/ of format v3.0: Parquet tables.
#include <algorithm>
#include <set>

#include "heddle/core/error.h"
#include "heddle/data/lerobot/meta.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/lerobot/path_template.h"

namespace heddle::data {
namespace {

using contract::DType;

constexpr const char* kNotWhole = "an episode is missing or doubled: take a copy that is whole";

std::vector<int64_t> ReadWholes(ParquetFile& table, const std::string& column) {
  const auto numbers = table.ReadNumbers(column, DType::kI64, {}, table.all_rows());
  const auto values = numbers.Values<int64_t>();
  return {values.begin(), values.end()};
}

std::vector<double> ReadDoubles(ParquetFile& table, const std::string& column) {
  return table.ReadNumbers(column, DType::kF64, {}, table.all_rows()).ToDoubles();
}

// `task`, or `__index_level_0__` of older writers: the column that is not the index.
std::string TaskColumn(const ParquetFile& table) {
  for (const char* name : {"task", "__index_level_0__"}) {
    if (table.Has(name)) return name;
  }
  for (const std::string& name : table.columns()) {
    if (name != "task_index") return name;
  }
  ThrowInput("has no column of the tasks' texts", table.place());
}

std::vector<std::string> ReadTasks(const std::filesystem::path& root, const DatasetInfo& info) {
  const auto file = ResolveInside(root, "meta/tasks.parquet");
  ParquetFile table(file, file.string());
  const auto indices = ReadWholes(table, "task_index");
  const auto texts = table.ReadTexts(TaskColumn(table), table.all_rows());
  std::vector<std::string> tasks(texts.size());
  std::vector<bool> given(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    const bool possible = indices[i] >= 0 && indices[i] < static_cast<int64_t>(texts.size());
    if (!possible || given[static_cast<size_t>(indices[i])]) {
      ThrowInput("task_index " + std::to_string(indices[i]) + " is out of range or doubled", file.string());
    }
    tasks[static_cast<size_t>(indices[i])] = texts[i];
    given[static_cast<size_t>(indices[i])] = true;
  }
  if (static_cast<int64_t>(tasks.size()) < info.total_tasks) {
    ThrowInput(
        "has " + std::to_string(tasks.size()) + " tasks, and info.json counts " + std::to_string(info.total_tasks),
        file.string(), "take a copy that is whole");
  }
  return tasks;
}

// All files of meta/episodes in order: chunk, then file. Numbers are compared as numbers.
std::vector<std::string> EpisodeFiles(const std::filesystem::path& root) {
  std::vector<std::string> files;
  const auto folder = ResolveInside(root, "meta/episodes");
  std::error_code error;
  for (const auto& chunk : std::filesystem::directory_iterator(folder, error)) {
    if (!chunk.is_directory() || !chunk.path().filename().string().starts_with("chunk-")) continue;
    for (const auto& file : std::filesystem::directory_iterator(chunk.path())) {
      const std::string name = file.path().filename().string();
      if (!name.starts_with("file-") || !name.ends_with(".parquet")) continue;
      files.push_back("meta/episodes/" + chunk.path().filename().string() + "/" + name);
    }
  }
  if (files.empty()) ThrowInput("holds no table of the episodes", folder.string(), "take a copy that is whole");
  std::sort(files.begin(), files.end(),
            [](const std::string& a, const std::string& b) { return std::pair(a.size(), a) < std::pair(b.size(), b); });
  return files;
}

struct EpisodeColumns {
  std::vector<int64_t> index, length, from, to, data_chunk, data_file;
  std::vector<nlohmann::ordered_json> tasks;
  struct Camera {
    std::string name;
    std::vector<int64_t> chunk, file;
    std::vector<double> from_s, to_s;
  };
  std::vector<Camera> cameras;
};

EpisodeColumns ReadColumns(ParquetFile& table, const DatasetInfo& info) {
  EpisodeColumns columns;
  columns.index = ReadWholes(table, "episode_index");
  columns.length = ReadWholes(table, "length");
  columns.from = ReadWholes(table, "dataset_from_index");
  columns.to = ReadWholes(table, "dataset_to_index");
  columns.data_chunk = ReadWholes(table, "data/chunk_index");
  columns.data_file = ReadWholes(table, "data/file_index");
  if (table.Has("tasks")) columns.tasks = table.ReadJson("tasks", table.all_rows());
  for (const Feature& feature : info.features) {
    if (feature.kind != FeatureKind::kVideo) continue;
    const std::string prefix = "videos/" + feature.name + "/";
    columns.cameras.push_back({feature.name, ReadWholes(table, prefix + "chunk_index"),
                               ReadWholes(table, prefix + "file_index"), ReadDoubles(table, prefix + "from_timestamp"),
                               ReadDoubles(table, prefix + "to_timestamp")});
  }
  return columns;
}

std::vector<std::string> TaskTexts(const nlohmann::ordered_json& json) {
  std::vector<std::string> tasks;
  if (json.is_string()) tasks.push_back(json.get<std::string>());
  if (!json.is_array()) return tasks;
  for (const auto& task : json) {
    if (task.is_string()) tasks.push_back(task.get<std::string>());
  }
  return tasks;
}

Episode MakeEpisode(const EpisodeColumns& columns, size_t i, const DatasetInfo& info, const std::string& place) {
  Episode episode;
  episode.index = columns.index[i];
  episode.length = columns.length[i];
  episode.first_row = columns.from[i];
  const std::string where = place + ", episode " + std::to_string(episode.index);
  if (episode.length < 1 || columns.to[i] - columns.from[i] != episode.length || columns.from[i] < 0) {
    ThrowInput("has length " + std::to_string(episode.length) + " and rows " + std::to_string(columns.from[i]) +
                   " to " + std::to_string(columns.to[i]),
               where, kNotWhole);
  }
  if (i < columns.tasks.size()) episode.tasks = TaskTexts(columns.tasks[i]);
  if (columns.data_chunk[i] < 0 || columns.data_file[i] < 0) ThrowInput("a negative file number", where);
  episode.data_file =
      ExpandTemplate(info.data_path, {{"chunk_index", columns.data_chunk[i]}, {"file_index", columns.data_file[i]}}, {},
                     "meta/info.json: data_path");
  for (const auto& camera : columns.cameras) {
    if (camera.chunk[i] < 0 || camera.file[i] < 0) ThrowInput("a negative file number of " + camera.name, where);
    const bool span = camera.from_s[i] >= 0 && camera.to_s[i] > camera.from_s[i] && camera.to_s[i] < 1e9;
    if (!span) ThrowInput("the span of " + camera.name + " in its video is none", where);
    episode.videos[camera.name] = {
        ExpandTemplate(info.video_path, {{"chunk_index", camera.chunk[i]}, {"file_index", camera.file[i]}},
                       {{"video_key", camera.name}}, "meta/info.json: video_path"),
        camera.from_s[i], camera.to_s[i]};
  }
  return episode;
}

// Row i must be episode i: readers look episodes up by position, so a gap would make later ones show another's data.
void AppendEpisodes(const std::filesystem::path& root, const std::string& relative, DatasetMeta& meta) {
  const auto file = ResolveInside(root, relative);
  ParquetFile table(file, file.string());
  const EpisodeColumns columns = ReadColumns(table, meta.info);
  for (size_t i = 0; i < columns.index.size(); ++i) {
    const auto expected = static_cast<int64_t>(meta.episodes.size());
    if (expected == meta.info.total_episodes) return;
    if (columns.index[i] != expected) {
      ThrowInput("row " + std::to_string(i) + " is episode " + std::to_string(columns.index[i]) + ", where episode " +
                     std::to_string(expected) + " must stand",
                 file.string(), kNotWhole);
    }
    meta.episodes.push_back(MakeEpisode(columns, i, meta.info, file.string()));
  }
}

// Where in its data file an episode begins: behind the episodes that the table puts into the same file before it.
void PlaceRows(std::vector<Episode>& episodes) {
  const std::string* file = nullptr;
  int64_t row = 0;
  std::set<std::string> seen;
  for (Episode& episode : episodes) {
    if (!file || *file != episode.data_file) {
      if (!seen.insert(episode.data_file).second) {
        ThrowInput("episode " + std::to_string(episode.index) + " goes back to a file that others have left",
                   episode.data_file, kNotWhole);
      }
      row = 0;
    }
    file = &episode.data_file;
    episode.row_in_file = row;
    row += episode.length;
  }
}

}  // namespace

void ReadMetaV3(const std::filesystem::path& root, DatasetMeta& meta) {
  if (meta.info.total_episodes == 0) return;
  meta.tasks = ReadTasks(root, meta.info);
  const auto files = EpisodeFiles(root);
  for (const std::string& file : files) {
    if (static_cast<int64_t>(meta.episodes.size()) == meta.info.total_episodes) break;
    AppendEpisodes(root, file, meta);
  }
  if (static_cast<int64_t>(meta.episodes.size()) != meta.info.total_episodes) {
    ThrowInput("holds " + std::to_string(meta.episodes.size()) + " episodes, and info.json counts " +
                   std::to_string(meta.info.total_episodes),
               (root / "meta/episodes").string(), kNotWhole);
  }
  PlaceRows(meta.episodes);
}

}  // namespace heddle::data
