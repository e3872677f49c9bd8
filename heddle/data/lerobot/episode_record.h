// One row of meta/episodes, as the writer makes it and reads it back when recording goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/lerobot/layout.h"

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace heddle::data {

struct EpisodeRecord {
  int64_t index = 0, length = 0, first_row = 0;
  std::vector<std::string> tasks;  // distinct, in order of their appearance
  FilePlace data, episodes;
  struct Video {
    FilePlace place;
    double from_s = 0, to_s = 0;
  };
  std::map<std::string, Video> videos;
  contract::Statistics statistics;
};

// Columns in LeRobot's order: places first, statistics feature by feature as `info` has them, the row's own file last.
std::shared_ptr<arrow::Schema> EpisodeSchema(const DatasetInfo& info);
std::shared_ptr<arrow::Table> EpisodeTable(const DatasetInfo& info, const EpisodeRecord& record);

// The first rows of an episodes file, at most `most`. kInput, with file and column, where it can't be read.
std::vector<EpisodeRecord> ReadEpisodeRecords(const std::filesystem::path& root, FilePlace file,
                                              const DatasetInfo& info, int64_t most);

// stats.json: pictures' lists as [C][1][1].
nlohmann::ordered_json StatisticsJson(const contract::Statistics& statistics, const DatasetInfo& info);

}  // namespace heddle::data
