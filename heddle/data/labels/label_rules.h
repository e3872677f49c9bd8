// Rules that the labels of a dataset keep to, and what breaks them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/data/labels/dataset_labels.h"

namespace heddle::data {

enum class LabelFault {
  kContradiction,   // two values of one key at one level on the same frames
  kOverlap,         // the same value twice on some frames
  kOutsideSubtask,  // an interaction that does not lie inside one subtask, in an episode that has subtasks
  kNoSubtasks,      // interactions in an episode without subtasks
  kGap,             // frames without a subtask in an episode that has subtasks
  kMissing,         // episodes without a key that others have
};

const char* FaultName(LabelFault fault);  // "contradiction", "overlap", "outside-subtask", ...

// Faults that new labels must not bring in; the others are told and can be meant.
bool IsRefused(LabelFault fault);

struct LabelFinding {
  LabelFault fault;
  int64_t episode = -1;  // -1 for the dataset; of kMissing the first that lacks it
  int64_t from_frame = 0, to_frame = 0;
  std::string key;
  std::string what;          // a sentence
  int64_t num_episodes = 1;  // that have this fault (kMissing)

  friend auto operator<=>(const LabelFinding&, const LabelFinding&) = default;
};

// All of them, by episode and frame. The same for any order of the labels.
std::vector<LabelFinding> CheckLabels(const DatasetLabels& labels);

}  // namespace heddle::data
