// Adding and removing labels, all or nothing. Data is never rewritten.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "heddle/data/labels/label_rows.h"
#include "heddle/data/labels/label_rules.h"

namespace heddle::data {

// Which labels of the table are meant; what is not given does not matter.
struct LabelFilter {
  std::optional<std::string> key, value, by;
  std::optional<LabelLevel> level;
  std::optional<std::vector<int64_t>> episodes;  // -1: the dataset
  std::optional<int64_t> from_frame, to_frame;   // exactly these

  bool Matches(const Label& label) const;
};

struct LabelEdit {
  std::vector<LabelFilter> remove;  // first
  std::vector<PlacedLabel> add;     // then
  bool replace = false;             // an added label takes the place of one of the same key, level and frames
};

struct EditOutcome {
  int64_t added = 0, removed = 0;
  int64_t already = 0;                 // were there: nothing is changed by them, not even by whom and when
  std::vector<LabelFinding> findings;  // of all labels of the dataset, after the edit
};

// kInput, with the place of the row, for a label that would contradict or overlap another, or an interaction outside of
// the subtasks: then nothing is changed. Faults that were there before don't stand in the way. Labels from language
// columns count, and can't be removed here.
EditOutcome EditLabels(const Dataset& dataset, const LabelEdit& edit);

}  // namespace heddle::data
