#include "heddle/data/labels/dataset_labels.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/data/dataset.h"
#include "heddle/data/labels/label_table.h"
#include "heddle/data/labels/language.h"

namespace heddle::data {
namespace {

constexpr int64_t kWholeDataset = -1;

[[noreturn]] void FailRange(const Label& label, const std::string& what, const std::string& place) {
  ThrowInput("the label of " + Describe(label) + " " + what, place,
             "remove it by 'heddle data annotate --remove', or add it again with the right frames");
}

// Fills in the end of what goes to the end; the frames must be there.
void Complete(Label& label, const std::vector<int64_t>& lengths, const std::string& place) {
  if (label.level == LabelLevel::kDataset) {
    if (label.episode != kWholeDataset) FailRange(label, "is on the dataset and names an episode", place);
    return;
  }
  if (label.episode < 0 || label.episode >= static_cast<int64_t>(lengths.size())) {
    FailRange(label, "names an episode that is not there: there are " + std::to_string(lengths.size()), place);
  }
  const int64_t length = lengths[static_cast<size_t>(label.episode)];
  if (label.to_frame == -1) label.to_frame = length;
  if (label.level == LabelLevel::kEpisode && label.from_frame == 0 && label.to_frame == length) return;
  if (label.from_frame < 0 || label.to_frame > length || label.from_frame >= label.to_frame) {
    FailRange(label, "names frames that are not there: the episode has " + std::to_string(length), place);
  }
  if (label.level == LabelLevel::kEpisode) FailRange(label, "is on an episode and names a part of it", place);
}

[[noreturn]] void FailContradiction(const Label& a, const Label& b, int64_t frame, const std::string& place) {
  ThrowInput("'" + a.key + "' is both '" + a.value + "' and '" + b.value + "' at the level " + LevelName(a.level),
             place + " episode " + std::to_string(b.episode) + " frame " + std::to_string(frame),
             "remove one of them by 'heddle data annotate --remove'");
}

bool IsCondition(const Label& label) { return label.level != LabelLevel::kNote; }

int32_t IdOf(std::span<const std::string> values, const std::string& value) {
  return static_cast<int32_t>(std::lower_bound(values.begin(), values.end(), value) - values.begin());
}

}  // namespace

std::vector<int32_t> LabelTrack::Ids(int64_t episode) const {
  const auto length = lengths_.at(static_cast<size_t>(episode));
  std::vector<int32_t> ids(static_cast<size_t>(length), dataset_id_);
  const auto found = runs_.find(episode);
  if (found == runs_.end()) return ids;
  for (size_t i = 0; i < found->second.size(); ++i) {
    const int64_t end = i + 1 < found->second.size() ? found->second[i + 1].from_frame : length;
    std::fill(ids.begin() + found->second[i].from_frame, ids.begin() + end, found->second[i].id);
  }
  return ids;
}

int32_t LabelTrack::IdAt(int64_t episode, int64_t frame) const {
  const auto found = runs_.find(episode);
  if (found == runs_.end()) return dataset_id_;
  const auto after = std::upper_bound(found->second.begin(), found->second.end(), frame,
                                      [](int64_t at, const Run& run) { return at < run.from_frame; });
  return std::prev(after)->id;
}

DatasetLabels::DatasetLabels(std::vector<Label> labels, std::vector<int64_t> episode_lengths, std::string place)
    : labels_(std::move(labels)), lengths_(std::move(episode_lengths)), place_(std::move(place)) {
  for (Label& label : labels_) Complete(label, lengths_, place_);
  std::sort(labels_.begin(), labels_.end());
}

DatasetLabels DatasetLabels::Of(const Dataset& dataset) {
  std::vector<Label> labels = ReadLabels(dataset.root());
  std::vector<Label> language = LanguageLabels(dataset);
  std::move(language.begin(), language.end(), std::back_inserter(labels));
  std::vector<int64_t> lengths;
  for (const Episode& episode : dataset.episodes()) lengths.push_back(episode.length);
  return {std::move(labels), std::move(lengths), dataset.root().string()};
}

std::vector<std::string> DatasetLabels::Keys() const {
  std::set<std::string> keys;
  for (const Label& label : labels_) {
    if (IsCondition(label)) keys.insert(label.key);
  }
  return {keys.begin(), keys.end()};
}

std::span<const Label> DatasetLabels::OfEpisode(int64_t episode) const {
  const auto begin =
      std::partition_point(labels_.begin(), labels_.end(), [&](const Label& label) { return label.episode < episode; });
  const auto end =
      std::partition_point(begin, labels_.end(), [&](const Label& label) { return label.episode <= episode; });
  return {begin, end};
}

std::map<std::string, std::string> DatasetLabels::At(int64_t episode, int64_t frame) const {
  std::map<std::string, const Label*> best;
  const auto consider = [&](const Label& label) {
    if (!IsCondition(label)) return;
    const Label*& held = best[label.key];
    if (held != nullptr && held->level == label.level && held->value != label.value) {
      FailContradiction(*held, label, frame, place_);
    }
    if (held == nullptr || held->level < label.level) held = &label;
  };
  for (const Label& label : OfEpisode(kWholeDataset)) consider(label);
  // By level, so that a contradiction which something more specific covers is none.
  std::vector<const Label*> here;
  for (const Label& label : OfEpisode(episode)) {
    if (label.from_frame <= frame && frame < label.to_frame) here.push_back(&label);
  }
  std::stable_sort(here.begin(), here.end(), [](const Label* a, const Label* b) { return a->level > b->level; });
  for (const Label* label : here) consider(*label);
  std::map<std::string, std::string> values;
  for (const auto& [key, label] : best) values[key] = label->value;
  return values;
}

std::vector<Label> DatasetLabels::Spans(int64_t episode, std::string_view key) const {
  std::vector<Label> spans;
  for (const Label& label : OfEpisode(episode)) {
    if (label.key == key) spans.push_back(label);
  }
  return spans;
}

std::vector<int32_t> DatasetLabels::Paint(int64_t episode, std::string_view key,
                                          std::span<const std::string> values) const {
  std::vector<Label> spans = Spans(episode, key);
  std::erase_if(spans, [](const Label& label) { return !IsCondition(label); });
  std::stable_sort(spans.begin(), spans.end(), [](const Label& a, const Label& b) { return a.level > b.level; });
  std::vector<const Label*> held(static_cast<size_t>(lengths_[static_cast<size_t>(episode)]), nullptr);
  for (const Label& label : spans) {
    for (int64_t frame = label.from_frame; frame < label.to_frame; ++frame) {
      const Label*& at = held[static_cast<size_t>(frame)];
      if (at == nullptr) at = &label;
      if (at->level == label.level && at->value != label.value) FailContradiction(*at, label, frame, place_);
    }
  }
  std::vector<int32_t> ids;
  for (const Label* label : held) ids.push_back(label == nullptr ? -1 : IdOf(values, label->value));
  return ids;
}

LabelTrack DatasetLabels::Track(std::string_view key) const {
  LabelTrack track;
  track.lengths_ = lengths_;
  std::set<std::string> values;
  std::set<int64_t> episodes;
  for (const Label& label : labels_) {
    if (label.key != key || !IsCondition(label)) continue;
    values.insert(label.value);
    episodes.insert(label.episode);
  }
  if (values.empty()) {
    ThrowUsage(
        "no frame has a label '" + std::string(key) + "'", place_,
        labels_.empty() ? "the dataset has no labels: 'heddle data annotate' adds some" : SuggestName(key, Keys()));
  }
  track.values_ = {values.begin(), values.end()};
  const Label* whole = nullptr;
  for (const Label& label : OfEpisode(kWholeDataset)) {
    if (label.key != key) continue;
    if (whole != nullptr && whole->value != label.value) FailContradiction(*whole, label, 0, place_);
    whole = &label;
    track.dataset_id_ = IdOf(track.values_, label.value);
  }
  episodes.erase(kWholeDataset);
  for (const int64_t episode : episodes) {
    auto& runs = track.runs_[episode];
    const std::vector<int32_t> ids = Paint(episode, key, track.values_);
    for (size_t frame = 0; frame < ids.size(); ++frame) {
      const int32_t id = ids[frame] < 0 ? track.dataset_id_ : ids[frame];
      if (runs.empty() || runs.back().id != id) runs.push_back({static_cast<int64_t>(frame), id});
    }
  }
  return track;
}

}  // namespace heddle::data
