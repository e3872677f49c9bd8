// What the files under meta/ say, for all versions of the format, read into the same structs and checked.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/episode.h"
#include "heddle/data/lerobot/info.h"

namespace heddle::data {

struct DatasetMeta {
  DatasetInfo info;
  std::vector<std::string> tasks;  // position = task_index
  std::vector<Episode> episodes;   // position = episode_index
  std::optional<contract::Statistics> statistics;
  std::string statistics_error;  // why meta/stats.json is not used, where it is there
  std::vector<std::string> warnings;
};

// Reads v2.0, v2.1 or v3.0. Episodes beyond info.json's total_episodes (left by a recording that was interrupted) are
// left out. kInput for what would make episodes show each other's data: an index that is missing, doubled or out of
// order, row ranges with gaps, fewer episodes than counted, a task_index that is doubled.
DatasetMeta ReadMeta(const std::filesystem::path& root);

// The two halves; `meta` holds the info already.
void ReadMetaV3(const std::filesystem::path& root, DatasetMeta& meta);
void ReadMetaV2(const std::filesystem::path& root, DatasetMeta& meta);

// Statistics per episode (v2.1: episodes_stats.jsonl; v3: stats/ columns), empty where there are none.
std::vector<contract::Statistics> ReadEpisodeStatistics(const std::filesystem::path& root, const DatasetInfo& info);

}  // namespace heddle::data
