#include <algorithm>

#include "heddle/data/audit/scan_files.h"

namespace heddle::data::audit {
namespace {

constexpr size_t kMostFaults = 8;

// What each row must be.
RowColumns ExpectedRows(const std::vector<const Episode*>& episodes) {
  RowColumns rows;
  for (const Episode* episode : episodes) {
    for (int64_t frame = 0; frame < episode->length; ++frame) {
      rows.episode_index.push_back(episode->index);
      rows.index.push_back(episode->first_row + frame);
      rows.frame_index.push_back(frame);
    }
  }
  return rows;
}

// The offset between the file's rows and the expected ones changes where a row is missing or doubled; a stretch of one
// offset is one fault.
class Comparison {
 public:
  Comparison(const RowColumns& expected, const RowColumns& found) : expected_(expected), found_(found) {}

  std::vector<RowFault> Run() {
    const size_t rows = std::min(expected_.index.size(), found_.index.size());
    for (size_t row = 0; row < rows && faults_.size() < kMostFaults; ++row) Look(row);
    return faults_;
  }

 private:
  void Look(size_t row) {
    const int64_t offset = found_.index[row] - expected_.index[row];
    if (offset != offset_) {
      if (offset != 0) Begin(row, KindOf(row, offset), expected_.index[row], found_.index[row]);
      offset_ = offset;
    } else if (offset == 0 && found_.episode_index[row] != expected_.episode_index[row]) {
      if (!foreign_) {
        Begin(row, RowFault::Kind::kForeign, expected_.episode_index[row], found_.episode_index[row]);
      }
    } else if (offset == 0 && found_.frame_index[row] != expected_.frame_index[row] && !frame_index_) {
      Begin(row, RowFault::Kind::kFrameIndex, expected_.frame_index[row], found_.frame_index[row]);
    }
    foreign_ = offset == 0 && found_.episode_index[row] != expected_.episode_index[row];
    frame_index_ = offset == 0 && !foreign_ && found_.frame_index[row] != expected_.frame_index[row];
    if (!faults_.empty() && (offset != 0 || foreign_ || frame_index_)) ++faults_.back().num_rows;
  }

  RowFault::Kind KindOf(size_t row, int64_t offset) const {
    const bool same_count = expected_.index.size() == found_.index.size();
    if (same_count || row == 0) return RowFault::Kind::kShifted;
    if (row > 0 && found_.index[row] == found_.index[row - 1]) return RowFault::Kind::kDoubled;
    return offset > offset_ ? RowFault::Kind::kMissing : RowFault::Kind::kDoubled;
  }

  void Begin(size_t row, RowFault::Kind kind, int64_t expected, int64_t found) {
    faults_.push_back({kind, expected_.episode_index[row], expected_.frame_index[row], static_cast<int64_t>(row),
                       expected, found, 0});
  }

  const RowColumns& expected_;
  const RowColumns& found_;
  int64_t offset_ = 0;
  bool foreign_ = false, frame_index_ = false;
  std::vector<RowFault> faults_;
};

}  // namespace

std::vector<RowFault> CompareRows(const std::vector<const Episode*>& episodes, const RowColumns& found) {
  return Comparison(ExpectedRows(episodes), found).Run();
}

}  // namespace heddle::data::audit
