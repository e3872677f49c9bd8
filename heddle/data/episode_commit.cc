#include "heddle/data/episode_commit.h"

#include <arrow/table.h>

#include <algorithm>
#include <utility>

#include "heddle/core/json.h"
#include "heddle/data/lerobot/parquet_writer.h"
#include "heddle/data/lerobot/statistics.h"
#include "heddle/data/lerobot/task_table.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

constexpr double kBytesPerMb = 1024 * 1024;

// Notes that a file has grown by `items`, in the place that was chosen for them.
void Grow(FilePlace place, int64_t items, GrowingFile& file) {
  if (file.items == 0 || place != file.place) file = {place, 0};
  file.items += items;
}

}  // namespace

FilePlace PlaceForNext(const GrowingFile& file, const fs::path& current, const fs::path& addition, double limit_mb,
                       int64_t chunks_size) {
  if (file.items == 0) return file.place;
  const auto bytes = static_cast<double>(fs::file_size(current)) + static_cast<double>(fs::file_size(addition));
  return bytes >= limit_mb * kBytesPerMb ? file.place.Next(chunks_size) : file.place;
}

EpisodeCommit::EpisodeCommit(const fs::path& root, const fs::path& staging, DatasetInfo& info, RecordingState& state)
    : root_(root), staging_(staging), info_(info), state_(state), next_info_(info), next_(state) {}

void EpisodeCommit::Run(EpisodeBuffer& episode, std::function<void(const fs::path&)> before_rename) {
  commit_ = Commit(std::move(before_rename));
  record_.index = state_.num_episodes;
  record_.first_row = state_.num_rows;
  record_.length = episode.num_frames();
  record_.tasks = episode.tasks();
  record_.statistics = episode.FinishPictures();
  const FrameColumns columns = episode.TakeColumns(TaskIndices(record_.tasks));
  record_.statistics.merge(ColumnStatistics(info_, columns, {record_.index, record_.first_row, info_.fps}));
  AddVideos(episode);
  AddData(columns);
  AddEpisodeRow();
  AddTasks();
  AddSums();
  commit_.Run();
  info_ = std::move(next_info_);
  state_ = std::move(next_);
}

std::vector<int64_t> EpisodeCommit::TaskIndices(const std::vector<std::string>& tasks) {
  std::vector<int64_t> indices;
  for (const std::string& task : tasks) {
    const auto found = std::find(next_.tasks.begin(), next_.tasks.end(), task);
    indices.push_back(found - next_.tasks.begin());
    if (found == next_.tasks.end()) next_.tasks.push_back(task);
  }
  return indices;
}

void EpisodeCommit::AddVideos(const EpisodeBuffer& episode) {
  int number = 0;
  for (const Feature& feature : info_.features) {
    if (feature.kind != FeatureKind::kVideo) continue;
    GrowingFile& file = next_.videos[feature.name];
    const fs::path current = root_ / VideoPath(feature.name, file.place);
    const fs::path& part = episode.video(feature.name);
    const FilePlace place = PlaceForNext(file, current, part, info_.video_file_mb, info_.chunks_size);
    std::vector<VideoPart> parts = {{part, record_.length}};
    if (file.items > 0 && place == file.place) parts.insert(parts.begin(), {current, file.items});
    const fs::path staged = staging_ / ("video-" + std::to_string(number++) + ".mp4");
    JoinVideos(parts, staged);
    commit_.Add(staged, root_ / VideoPath(feature.name, place));
    Grow(place, record_.length, file);
    record_.videos[feature.name] = {place, static_cast<double>(file.items - record_.length) / info_.fps,
                                    static_cast<double>(file.items) / info_.fps};
  }
}

void EpisodeCommit::AddData(const FrameColumns& columns) {
  const auto table = DataTable(info_, columns, {record_.index, record_.first_row, info_.fps});
  const fs::path current = root_ / DataPath(next_.data.place), alone = staging_ / "episode.parquet";
  WriteParquet(*table, alone);
  record_.data = PlaceForNext(next_.data, current, alone, info_.data_file_mb, info_.chunks_size);
  fs::path staged = alone;
  if (next_.data.items > 0 && record_.data == next_.data.place) {
    staged = staging_ / "data.parquet";
    ExtendParquet(current, next_.data.items, table->schema(), table.get(), staged);
  }
  commit_.Add(staged, root_ / DataPath(record_.data));
  Grow(record_.data, 1, next_.data);
}

void EpisodeCommit::AddEpisodeRow() {
  const GrowingFile& file = next_.episodes;
  const bool is_full = file.items >= kEpisodesInFile;
  record_.episodes = is_full ? file.place.Next(info_.chunks_size) : file.place;
  const auto table = EpisodeTable(info_, record_);
  const fs::path staged = staging_ / "episodes.parquet";
  if (is_full || file.items == 0) {
    WriteParquet(*table, staged);
  } else {
    ExtendParquetRows(root_ / EpisodesPath(file.place), file.items, table->schema(), table.get(), staged);
  }
  commit_.Add(staged, root_ / EpisodesPath(record_.episodes));
  Grow(record_.episodes, 1, next_.episodes);
}

void EpisodeCommit::AddTasks() {
  if (next_.tasks.size() == state_.tasks.size()) return;
  const fs::path staged = staging_ / "tasks.parquet";
  WriteTasks(next_.tasks, staged);
  commit_.Add(staged, root_ / "meta/tasks.parquet");
}

void EpisodeCommit::AddSums() {
  AddStatistics(record_.statistics, next_.statistics);
  next_.num_episodes += 1;
  next_.num_rows += record_.length;
  WriteStaged(staging_ / "stats.json", StatisticsText(next_, info_));
  commit_.Add(staging_ / "stats.json", root_ / "meta/stats.json");

  next_info_ = CountedInfo(info_, next_.num_episodes, next_.num_rows, std::ssize(next_.tasks));
  WriteStaged(staging_ / "info.json", InfoText(next_info_));
  commit_.Add(staging_ / "info.json", root_ / "meta/info.json");
}

}  // namespace heddle::data
