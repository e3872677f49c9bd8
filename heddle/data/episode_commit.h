// Makes a finished episode part of its dataset: the files that grow by it, and the commit that puts them into place.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "heddle/data/commit.h"
#include "heddle/data/episode_buffer.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/recording_state.h"

namespace heddle::data {

// Rows of an episodes file, at most: it is written again, whole, with each episode.
inline constexpr int64_t kEpisodesInFile = 200;

// The place that a file's next episode goes to: this one, or the next if it would reach the limit. A function of sizes
// that are functions of the episodes.
FilePlace PlaceForNext(const GrowingFile& file, const std::filesystem::path& current,
                       const std::filesystem::path& addition, double limit_mb, int64_t chunks_size);

class EpisodeCommit {
 public:
  // Nothing of the dataset is changed before Run, and `info` and `state` only when it has succeeded.
  EpisodeCommit(const std::filesystem::path& root, const std::filesystem::path& staging, DatasetInfo& info,
                RecordingState& state);

  void Run(EpisodeBuffer& episode, std::function<void(const std::filesystem::path&)> before_rename);

 private:
  void AddVideos(const EpisodeBuffer& episode);
  void AddData(const FrameColumns& columns);
  void AddEpisodeRow();
  void AddTasks();
  void AddSums();
  std::vector<int64_t> TaskIndices(const std::vector<std::string>& tasks);

  const std::filesystem::path& root_;
  const std::filesystem::path& staging_;
  DatasetInfo& info_;
  RecordingState& state_;

  DatasetInfo next_info_;
  RecordingState next_;
  EpisodeRecord record_;
  Commit commit_;
};

}  // namespace heddle::data
