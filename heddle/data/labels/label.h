// One label: a key with a value, on a dataset, an episode or a span of its frames.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::data {

// What a label is on. The later ones are more specific: where several of one key hold at a frame, the most specific is
// the frame's label.
enum class LabelLevel {
  kDataset,      // all frames of all episodes
  kEpisode,      // all frames of an episode
  kSpan,         // frames that somebody chose: a tag on a part of an episode
  kSubtask,      // a step of the task
  kInteraction,  // one interaction of hand and object inside a subtask
  kContact,      // a contact found in a force stream
  kNote,         // text beside the data: a question, a remark, another wording. Several of one key may hold at a frame;
                 // never a frame's label
};

const char* LevelName(LabelLevel level);  // "dataset", "episode", ...
std::optional<LabelLevel> LevelFromName(std::string_view name);
std::vector<std::string> LevelNames();

struct Label {
  int64_t episode = -1;                   // -1 for the whole dataset
  int64_t from_frame = 0, to_frame = -1;  // half-open; to_frame -1: to the episode's end. 0 and -1 above spans
  LabelLevel level = LabelLevel::kDataset;
  std::string key, value;
  std::string by;    // who or what says so; may be empty
  std::string when;  // UTC, "2026-11-21T13:58:00Z"; may be empty

  // In the order of episode, frames, level, key, value.
  friend auto operator<=>(const Label&, const Label&) = default;
};

// Equal in all but by and when: saying it again changes nothing.
bool SaysTheSame(const Label& a, const Label& b);

// "episode 3, frames 10 to 19, subtask 'task.step' = 'reach'", for errors and findings.
std::string Describe(const Label& label);

}  // namespace heddle::data
