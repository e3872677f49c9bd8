#include "heddle/data/labels/label.h"

#include <array>
#include <tuple>

namespace heddle::data {
namespace {

constexpr std::array kNames = {"dataset", "episode", "span", "subtask", "interaction", "contact", "note"};

}  // namespace

const char* LevelName(LabelLevel level) { return kNames[static_cast<size_t>(level)]; }

std::optional<LabelLevel> LevelFromName(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return static_cast<LabelLevel>(i);
  }
  return std::nullopt;
}

std::vector<std::string> LevelNames() { return {kNames.begin(), kNames.end()}; }

bool SaysTheSame(const Label& a, const Label& b) {
  const auto what = [](const Label& label) {
    return std::tie(label.episode, label.from_frame, label.to_frame, label.level, label.key, label.value);
  };
  return what(a) == what(b);
}

std::string Describe(const Label& label) {
  const std::string pair = "'" + label.key + "' = '" + label.value + "'";
  if (label.level == LabelLevel::kDataset) return "dataset, " + pair;
  std::string text = "episode " + std::to_string(label.episode) + ", ";
  if (label.level != LabelLevel::kEpisode) {
    text += "frames " + std::to_string(label.from_frame) + " to ";
    text += label.to_frame < 0 ? "the end" : std::to_string(label.to_frame - 1);
    text += std::string(", ") + LevelName(label.level) + " ";
  }
  return text + pair;
}

}  // namespace heddle::data
