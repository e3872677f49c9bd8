// The language columns that LeRobot's annotation tools write, as labels.
//
//   language_persistent   rows of a style hold from their timestamp until the next row of that style:
//                           subtask              -> level subtask, key "subtask"
//                           plan, memory, motion -> level span, key = style
//                           task_aug             -> notes on the whole episode, as several wordings hold at once
//                           any other            -> level span, key = style
//   language_events       rows of one frame -> notes on that frame; key = style ("speech" where it has none) and role,
//                         with the camera where it has one: "vqa.user@observation.images.front". A row without content
//                         has its tool calls as the value.
//
// Labels are by "language_persistent" or "language_events".
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "heddle/data/labels/label.h"

namespace heddle::data {

class Dataset;

struct EpisodeFrames {
  int64_t episode = 0;
  int64_t length = 0;
  double fps = 0;
};

// The list of rows that every frame of an episode has. kInput, naming `place` and row, for what is no such list.
std::vector<Label> LabelsOfPersistentRows(const nlohmann::ordered_json& rows, const EpisodeFrames& frames,
                                          const std::string& place);
// The rows of one frame.
std::vector<Label> LabelsOfEventRows(const nlohmann::ordered_json& rows, int64_t episode, int64_t frame,
                                     const std::string& place);

// Of all episodes. Nothing for a dataset without such columns.
std::vector<Label> LanguageLabels(const Dataset& dataset);

}  // namespace heddle::data
