// What of a v3.0 dataset counts, as far as its next episode needs to know: the files that grow, and the sums.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/episode_record.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/lerobot/layout.h"

namespace heddle::data {

// The last file of its kind. `items`: what in it counts: row groups of a data file, rows of an episodes file, frames of
// a video; none at the very beginning.
struct GrowingFile {
  FilePlace place;
  int64_t items = 0;
};

struct RecordingState {
  int64_t num_episodes = 0, num_rows = 0;
  std::vector<std::string> tasks;
  contract::Statistics statistics;  // of all episodes
  GrowingFile data, episodes;
  std::map<std::string, GrowingFile> videos;
};

// Of the episodes that info.json counts. kInput, naming the file, where they are not all there.
RecordingState ReadRecordingState(const std::filesystem::path& root, const DatasetInfo& info);

// Takes what is beyond `state` off the disk: files, row groups, rows, frames and tasks of episodes that were not
// finished, and everything in `staging`. The files that stay are then, byte for byte, those that were there when the
// last episode was finished. May be stopped at any moment and begun again. kInput where a file holds less than the
// state says, or was not made by this writer.
void ClearBeyond(const std::filesystem::path& root, const std::filesystem::path& staging, const DatasetInfo& info,
                 const RecordingState& state);

// The bytes of meta/stats.json.
std::string StatisticsText(const RecordingState& state, const DatasetInfo& info);

}  // namespace heddle::data
