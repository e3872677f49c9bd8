// The rows of an episode held against what its table says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/data/audit/scan_files.h"

namespace heddle::data::audit {
namespace {

// Rows of three episodes of 10 frames, as a file has them; then a fault.
struct Rows {
  std::vector<Episode> table;
  std::vector<const Episode*> episodes;
  RowColumns columns;
  Rows() {
    table.resize(3);
    for (int64_t e = 0; e < 3; ++e) {
      table[static_cast<size_t>(e)].index = e;
      table[static_cast<size_t>(e)].length = 10;
      table[static_cast<size_t>(e)].first_row = 10 * e;
    }
    for (const Episode& episode : table) episodes.push_back(&episode);
    for (int64_t row = 0; row < 30; ++row) {
      columns.episode_index.push_back(row / 10);
      columns.index.push_back(row);
      columns.frame_index.push_back(row % 10);
    }
  }
};

TEST(CompareRows, FindsNothingWhereAllIsRight) {
  const Rows rows;
  EXPECT_TRUE(CompareRows(rows.episodes, rows.columns).empty());
}

TEST(CompareRows, TellsMissingDoubledAndShiftedRowsApart) {
  for (const int64_t at : {1, 12, 28}) {
    Rows missing;
    for (auto* column : {&missing.columns.episode_index, &missing.columns.index, &missing.columns.frame_index}) {
      column->erase(column->begin() + at);
    }
    const auto gap = CompareRows(missing.episodes, missing.columns);
    ASSERT_EQ(gap.size(), 1u);
    EXPECT_EQ(gap[0].kind, RowFault::Kind::kMissing);
    EXPECT_EQ(gap[0].row, at);
    EXPECT_EQ(gap[0].episode, at / 10);
    EXPECT_EQ(gap[0].num_rows, 29 - at);
    Rows doubled;
    for (auto* column : {&doubled.columns.episode_index, &doubled.columns.index, &doubled.columns.frame_index}) {
      column->insert(column->begin() + at, (*column)[static_cast<size_t>(at)]);
    }
    const auto twice = CompareRows(doubled.episodes, doubled.columns);
    ASSERT_EQ(twice.size(), 1u);
    EXPECT_EQ(twice[0].kind, RowFault::Kind::kDoubled);
    EXPECT_EQ(twice[0].row, at + 1);
  }
  for (const int64_t by : {-5, 1, 7}) {
    Rows shifted;
    for (size_t row = 10; row < 30; ++row) shifted.columns.index[row] += by;
    const auto fault = CompareRows(shifted.episodes, shifted.columns);
    ASSERT_EQ(fault.size(), 1u);
    EXPECT_EQ(fault[0].kind, RowFault::Kind::kShifted);
    EXPECT_EQ(fault[0].num_rows, 20);
  }
}

TEST(CompareRows, FindsForeignRowsAndWrongFrameNumbers) {
  Rows foreign;
  foreign.columns.episode_index[14] = 2;
  const auto other = CompareRows(foreign.episodes, foreign.columns);
  ASSERT_EQ(other.size(), 1u);
  EXPECT_EQ(other[0].kind, RowFault::Kind::kForeign);
  EXPECT_EQ(other[0].frame, 4);
  Rows numbers;
  for (size_t row = 20; row < 30; ++row) ++numbers.columns.frame_index[row];
  const auto wrong = CompareRows(numbers.episodes, numbers.columns);
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].kind, RowFault::Kind::kFrameIndex);
  EXPECT_EQ(wrong[0].num_rows, 10);
}

}  // namespace
}  // namespace heddle::data::audit
