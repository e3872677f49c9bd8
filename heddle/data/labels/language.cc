#include "heddle/data/labels/language.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/data/dataset.h"
#include "heddle/data/lerobot/json_fields.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPersistent = "language_persistent";
constexpr const char* kEvents = "language_events";
// Timestamps are single precision: a frame counts as begun this much of a frame earlier.
constexpr double kSlackFrames = 0.01;

const Json& RequireList(const Json& rows, const std::string& place) {
  if (!rows.is_array()) ThrowInput("a list of annotation rows is needed", place);
  return rows;
}

std::string RowPlace(const std::string& place, size_t row) { return place + " row " + std::to_string(row); }

// A row without text says it by its tool calls.
std::string ContentOf(const JsonFields& row) {
  if (row.Find("content") != nullptr) return row.Text("content");
  const Json* calls = row.Find("tool_calls");
  if (calls == nullptr) return "";
  return calls->dump(-1, ' ', false, Json::error_handler_t::replace);
}

int64_t FrameAt(double time_s, const EpisodeFrames& frames) {
  const double frame = std::ceil(time_s * frames.fps - kSlackFrames);
  return static_cast<int64_t>(std::clamp(frame, 0.0, static_cast<double>(frames.length)));
}

LabelLevel LevelOf(const std::string& style) {
  if (style == "subtask") return LabelLevel::kSubtask;
  if (style == "task_aug") return LabelLevel::kNote;
  return LabelLevel::kSpan;
}

// Ends each label where a later one of its key begins.
void EndAtTheNext(std::vector<Label*>& labels, int64_t length) {
  std::stable_sort(labels.begin(), labels.end(), [](auto* a, auto* b) { return a->from_frame < b->from_frame; });
  int64_t end = length;
  for (size_t i = labels.size(); i-- > 0;) {
    if (i + 1 < labels.size() && labels[i + 1]->from_frame > labels[i]->from_frame) end = labels[i + 1]->from_frame;
    labels[i]->to_frame = end;
  }
}

}  // namespace

std::vector<Label> LabelsOfPersistentRows(const Json& rows, const EpisodeFrames& frames, const std::string& place) {
  std::vector<Label> labels;
  for (size_t i = 0; i < RequireList(rows, place).size(); ++i) {
    const JsonFields row(rows[i], RowPlace(place, i));
    const std::string style = row.TextOr("style", "");
    const double time_s = row.Number("timestamp");
    if (!std::isfinite(time_s)) row.Fail("timestamp", "must be a finite number");
    const LabelLevel level = LevelOf(style);
    const int64_t from = level == LabelLevel::kNote ? 0 : FrameAt(time_s, frames);
    if (from >= frames.length) continue;  // begins behind the last frame: holds nowhere
    labels.push_back({frames.episode, from, frames.length, level, style.empty() ? "speech" : style, ContentOf(row),
                      kPersistent, ""});
  }
  std::map<std::string, std::vector<Label*>> by_key;
  for (Label& label : labels) {
    if (label.level != LabelLevel::kNote) by_key[label.key].push_back(&label);
  }
  for (auto& [key, list] : by_key) EndAtTheNext(list, frames.length);
  return labels;
}

std::vector<Label> LabelsOfEventRows(const Json& rows, int64_t episode, int64_t frame, const std::string& place) {
  std::vector<Label> labels;
  for (size_t i = 0; i < RequireList(rows, place).size(); ++i) {
    const JsonFields row(rows[i], RowPlace(place, i));
    std::string key = row.TextOr("style", "speech") + "." + row.TextOr("role", "unknown");
    if (const std::string camera = row.TextOr("camera", ""); !camera.empty()) key += "@" + camera;
    labels.push_back({episode, frame, frame + 1, LabelLevel::kNote, key, ContentOf(row), kEvents, ""});
  }
  return labels;
}

std::vector<Label> LanguageLabels(const Dataset& dataset) {
  std::vector<Label> labels;
  const auto has = [&](const char* name) {
    const Feature* feature = dataset.info().Find(name);
    return feature != nullptr && feature->kind == FeatureKind::kLanguage;
  };
  const auto keep = [&](std::vector<Label> more) { std::move(more.begin(), more.end(), std::back_inserter(labels)); };
  for (const Episode& episode : dataset.episodes()) {
    const auto place = [&](const char* column, int64_t frame) {
      return (dataset.root() / episode.data_file).string() + ", " + column + " of episode " +
             std::to_string(episode.index) + " frame " + std::to_string(frame);
    };
    if (has(kPersistent) && episode.length > 0) {
      const auto rows = dataset.ReadLanguage(kPersistent, episode.index, 1);
      keep(LabelsOfPersistentRows(rows.front(), {episode.index, episode.length, dataset.info().fps},
                                  place(kPersistent, 0)));
    }
    if (!has(kEvents)) continue;
    const auto frames = dataset.ReadLanguage(kEvents, episode.index);
    for (size_t i = 0; i < frames.size(); ++i) {
      const auto frame = static_cast<int64_t>(i);
      keep(LabelsOfEventRows(frames[i], episode.index, frame, place(kEvents, frame)));
    }
  }
  return labels;
}

}  // namespace heddle::data
