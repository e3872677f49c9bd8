// meta/ of formats v2.0 and v2.1: JSON lines, one data file and one video an episode.
#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/lerobot/json_fields.h"
#include "heddle/data/lerobot/meta.h"
#include "heddle/data/lerobot/path_template.h"

namespace heddle::data {
namespace {

struct Line {
  nlohmann::ordered_json json;
  std::string place;
};

std::vector<Line> ReadLines(const std::filesystem::path& file) {
  const std::string text = ReadFile(file);
  std::vector<Line> lines;
  int64_t number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const std::string place = file.string() + ":" + std::to_string(++number);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back({ParseJson(line, place), place});
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string> ReadTasks(const std::filesystem::path& root) {
  std::vector<std::string> tasks;
  for (const Line& line : ReadLines(ResolveInside(root, "meta/tasks.jsonl"))) {
    const JsonFields fields(line.json, line.place);
    if (fields.Whole("task_index") != static_cast<int64_t>(tasks.size())) {
      fields.Fail("task_index", "must be " + std::to_string(tasks.size()) + " here", "take a copy that is whole");
    }
    tasks.push_back(fields.Text("task"));
  }
  return tasks;
}

std::string EpisodeFile(const std::string& path_template, const DatasetInfo& info, int64_t episode,
                        const std::string& camera, const std::string& place) {
  return ExpandTemplate(path_template, {{"episode_chunk", episode / info.chunks_size}, {"episode_index", episode}},
                        {{"video_key", camera}}, place);
}

Episode MakeEpisode(const JsonFields& fields, int64_t first_row, const DatasetInfo& info) {
  Episode episode;
  episode.index = fields.Whole("episode_index");
  episode.length = fields.Whole("length", 1);
  episode.first_row = first_row;
  if (const auto* tasks = fields.Find("tasks"); tasks && tasks->is_array()) {
    for (const auto& task : *tasks) {
      if (task.is_string()) episode.tasks.push_back(task.get<std::string>());
    }
  }
  episode.data_file = EpisodeFile(info.data_path, info, episode.index, "", "meta/info.json: data_path");
  const double length_s = static_cast<double>(episode.length) / info.fps;
  for (const Feature& feature : info.features) {
    if (feature.kind != FeatureKind::kVideo) continue;
    episode.videos[feature.name] = {
        EpisodeFile(info.video_path, info, episode.index, feature.name, "meta/info.json: video_path"), 0, length_s};
  }
  return episode;
}

}  // namespace

void ReadMetaV2(const std::filesystem::path& root, DatasetMeta& meta) {
  meta.tasks = ReadTasks(root);
  const auto file = ResolveInside(root, "meta/episodes.jsonl");
  int64_t row = 0;
  for (const Line& line : ReadLines(file)) {
    const auto expected = static_cast<int64_t>(meta.episodes.size());
    if (expected == meta.info.total_episodes) break;
    const JsonFields fields(line.json, line.place);
    if (fields.Whole("episode_index") != expected) {
      fields.Fail("episode_index", "must be " + std::to_string(expected) + " here",
                  "an episode is missing or doubled: take a copy that is whole");
    }
    meta.episodes.push_back(MakeEpisode(fields, row, meta.info));
    row += meta.episodes.back().length;
  }
  if (static_cast<int64_t>(meta.episodes.size()) != meta.info.total_episodes) {
    ThrowInput("holds " + std::to_string(meta.episodes.size()) + " episodes, and info.json counts " +
                   std::to_string(meta.info.total_episodes),
               file.string(), "take a copy that is whole");
  }
}

}  // namespace heddle::data
