// The rows of one episode as they are recorded, and the table of a data file that they become.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/info.h"

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace heddle::data {

// Where an episode stands in its dataset.
struct EpisodePosition {
  int64_t episode = 0;
  int64_t first_row = 0;
  double fps = 0;
};

// The columns of the features that the user supplies, filled frame by frame. The values were checked before.
struct FrameColumns {
  struct Column {
    std::vector<std::byte> numbers;  // of the declared type, frame after frame
    std::vector<std::string> texts;  // or the bytes of pictures' files
    std::vector<nlohmann::ordered_json> language;
  };
  std::map<std::string, Column> columns;
  std::vector<int64_t> task_indices;  // one a frame

  int64_t num_frames() const { return static_cast<int64_t>(task_indices.size()); }
};

// The schema of the dataset's data files, in the features' order, with what the Hub's viewer needs.
std::shared_ptr<arrow::Schema> DataSchema(const DatasetInfo& info);
std::shared_ptr<arrow::Table> DataTable(const DatasetInfo& info, const FrameColumns& frames,
                                        const EpisodePosition& position);

// Of all numeric features, those that every dataset has included.
contract::Statistics ColumnStatistics(const DatasetInfo& info, const FrameColumns& frames,
                                      const EpisodePosition& position);

}  // namespace heddle::data
