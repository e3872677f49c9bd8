#include "heddle/data/recording_state.h"

#include <cmath>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/data/lerobot/statistics.h"
#include "heddle/data/lerobot/task_table.h"

namespace heddle::data {
namespace {

// Counts on where a file goes on, or begins the next one.
void Grow(FilePlace place, int64_t items, GrowingFile& file) {
  if (file.items == 0 || place != file.place) file = {place, 0};
  file.items += items;
}

void AddRecord(const EpisodeRecord& record, const std::string& place, RecordingState& state) {
  if (record.index != state.num_episodes || record.first_row != state.num_rows || record.length < 1) {
    ThrowInput("episode " + std::to_string(state.num_episodes) + " is not where it should be", place,
               "look at the dataset with 'heddle data audit'");
  }
  Grow(record.data, 1, state.data);
  Grow(record.episodes, 1, state.episodes);
  for (const auto& [camera, video] : record.videos) Grow(video.place, record.length, state.videos[camera]);
  AddStatistics(record.statistics, state.statistics);
  ++state.num_episodes;
  state.num_rows += record.length;
}

}  // namespace

RecordingState ReadRecordingState(const std::filesystem::path& root, const DatasetInfo& info) {
  RecordingState state;
  for (FilePlace file; state.num_episodes < info.total_episodes; file = file.Next(info.chunks_size)) {
    const int64_t left = info.total_episodes - state.num_episodes;
    const std::vector<EpisodeRecord> records = ReadEpisodeRecords(root, file, info, left);
    if (records.empty()) ThrowInput("holds no episode", EpisodesPath(file).string(), "restore it from a copy");
    for (const EpisodeRecord& record : records) AddRecord(record, EpisodesPath(file).string(), state);
  }
  if (state.num_rows != info.total_frames) {
    ThrowInput("counts " + std::to_string(info.total_frames) + " frames where its episodes have " +
                   std::to_string(state.num_rows),
               "meta/info.json: total_frames", "look at the dataset with 'heddle data audit'");
  }
  state.tasks = ReadWrittenTasks(root / "meta/tasks.parquet", info.total_tasks);
  return state;
}

std::string StatisticsText(const RecordingState& state, const DatasetInfo& info) {
  return DumpJson(StatisticsJson(state.statistics, info), 4) + "\n";
}

}  // namespace heddle::data
