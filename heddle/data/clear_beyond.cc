#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string_view>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/data/commit.h"
#include "heddle/data/lerobot/frame_table.h"
#include "heddle/data/lerobot/parquet_file.h"
#include "heddle/data/lerobot/parquet_writer.h"
#include "heddle/data/lerobot/task_table.h"
#include "heddle/data/recording_state.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

// "chunk-003" -> 3.
std::optional<int64_t> NumberBehind(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + prefix.size(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<FilePlace> PlaceOf(const fs::path& file) {
  const auto chunk = NumberBehind(file.parent_path().filename().string(), "chunk-");
  const auto number = NumberBehind(file.stem().string(), "file-");
  if (!chunk || !number) return std::nullopt;
  return FilePlace{*chunk, *number};
}

void Remove(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) ThrowSystem("cannot remove this", path.string(), error.value());
}

std::vector<fs::path> Entries(const fs::path& folder) {
  if (!fs::is_directory(folder)) return {};
  return {fs::directory_iterator(folder), fs::directory_iterator()};
}

// Files whose place is behind the last that counts, and chunks that this leaves empty.
void RemoveFilesBeyond(const fs::path& folder, const GrowingFile& last) {
  for (const fs::path& chunk : Entries(folder)) {
    if (!NumberBehind(chunk.filename().string(), "chunk-")) continue;
    for (const fs::path& file : Entries(chunk)) {
      const auto place = PlaceOf(file);
      if (place && (last.items == 0 || *place > last.place)) Remove(file);
    }
    if (fs::is_empty(chunk)) Remove(chunk);
  }
}

class Clearer {
 public:
  Clearer(const fs::path& root, const fs::path& staging, const DatasetInfo& info, const RecordingState& state)
      : root_(root), staging_(staging), info_(info), state_(state) {}

  void Clear() {
    for (const fs::path& left : Entries(staging_)) Remove(left);
    ClearData();
    ClearEpisodes();
    for (const Feature& feature : info_.features) {
      if (feature.kind == FeatureKind::kVideo) ClearVideo(feature);
    }
    ClearTasks();
    ClearStatistics();
  }

 private:
  // Makes a file anew in the staging folder, and puts it into its place.
  void Replace(const fs::path& file, const std::function<void(const fs::path&)>& make) {
    const fs::path staged = staging_ / "trimmed";
    make(staged);
    Commit commit;
    commit.Add(staged, file);
    commit.Run();
  }

  [[noreturn]] void Less(const fs::path& file) const {
    ThrowInput("holds less than the finished episodes need", file.string(), "restore it from a copy");
  }

  void ClearData() {
    RemoveFilesBeyond(root_ / "data", state_.data);
    if (state_.data.items == 0) return;
    const fs::path file = root_ / DataPath(state_.data.place);
    const auto schema = DataSchema(info_);
    RequireSchema(file, schema);
    const int64_t groups = CountRowGroups(file);
    if (groups < state_.data.items) Less(file);
    if (groups == state_.data.items) return;
    Replace(file, [&](const fs::path& out) { ExtendParquet(file, state_.data.items, schema, nullptr, out); });
  }

  void ClearEpisodes() {
    RemoveFilesBeyond(root_ / "meta/episodes", state_.episodes);
    if (state_.episodes.items == 0) return;
    const fs::path file = root_ / EpisodesPath(state_.episodes.place);
    const auto schema = EpisodeSchema(info_);
    RequireSchema(file, schema);
    if (ParquetFile(file, file.string()).num_rows() == state_.episodes.items) return;
    Replace(file, [&](const fs::path& out) { ExtendParquetRows(file, state_.episodes.items, schema, nullptr, out); });
  }

  void ClearVideo(const Feature& feature) {
    const auto found = state_.videos.find(feature.name);
    const GrowingFile last = found == state_.videos.end() ? GrowingFile{} : found->second;
    RemoveFilesBeyond(root_ / "videos" / feature.name, last);
    if (last.items == 0) return;
    const fs::path file = root_ / VideoPath(feature.name, last.place);
    const int64_t frames = VideoReader(file).facts().num_frames;
    if (frames < last.items) Less(file);
    if (frames == last.items) return;
    Replace(file, [&](const fs::path& out) { JoinVideos({{file, last.items}}, out); });
  }

  void ClearTasks() {
    const fs::path file = root_ / "meta/tasks.parquet";
    if (!fs::exists(file)) return;
    if (state_.tasks.empty()) return Remove(file);
    const auto num_tasks = std::ssize(state_.tasks);
    if (ParquetFile(file, file.string()).num_rows() == num_tasks) return;
    Replace(file, [&](const fs::path& out) { WriteTasks(state_.tasks, out); });
  }

  void ClearStatistics() {
    const fs::path file = root_ / "meta/stats.json";
    if (state_.num_episodes == 0) return Remove(file);
    const std::string text = StatisticsText(state_, info_);
    if (fs::exists(file) && ReadFile(file) == text) return;
    Replace(file, [&](const fs::path& out) { WriteStaged(out, text); });
  }

  const fs::path& root_;
  const fs::path& staging_;
  const DatasetInfo& info_;
  const RecordingState& state_;
};

}  // namespace

void ClearBeyond(const fs::path& root, const fs::path& staging, const DatasetInfo& info, const RecordingState& state) {
  Clearer(root, staging, info, state).Clear();
}

}  // namespace heddle::data
