// Labels from files: rows of fields, strictly read.
//
//   episode     0, 1, ...; empty: the whole dataset
//   from_frame  or from_s: the first frame, or its time in seconds in the episode
//   to_frame    or to_s: where it ends, that frame not included; empty: the episode's end
//   level       dataset, episode, span, subtask, interaction, contact, note; empty: dataset without an episode,
//               episode without frames, span otherwise
//   key, value  must be there
//   by, when    empty: those of the caller
//
// A file of comma-separated values names the fields in its first line; one of JSON lines has them as keys. Empty fields
// and null are as if they were not there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/data/labels/label.h"

namespace heddle::data {

class Dataset;

// A label and where it was given, for errors: "labels.csv:7".
struct PlacedLabel {
  Label label;
  std::string place;
};

struct RowContext {
  double fps = 0;
  std::vector<int64_t> episode_lengths;
  std::string by, when;  // where the row does not say

  static RowContext Of(const Dataset& dataset, std::string by, std::string when);
};

// field -> text. kInput, with `place` and field: unknown (with the nearest right name), missing, no number, not there
// in the dataset, contradicting each other.
Label LabelFromFields(const std::map<std::string, std::string>& fields, const std::string& place,
                      const RowContext& context);

// All rows, or the first error. `place` names the file.
std::vector<PlacedLabel> LabelsFromCsv(std::string_view text, const std::string& place, const RowContext& context);
std::vector<PlacedLabel> LabelsFromJsonLines(std::string_view text, const std::string& place,
                                             const RowContext& context);

}  // namespace heddle::data
