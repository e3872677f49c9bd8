#include "heddle/data/labels/label_edit.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "heddle/core/error.h"
#include "heddle/core/folder_lock.h"
#include "heddle/data/dataset.h"
#include "heddle/data/labels/label_table.h"
#include "heddle/data/labels/language.h"

namespace heddle::data {
namespace {

using Position = std::tuple<int64_t, int64_t, int64_t, LabelLevel, std::string>;

Position PositionOf(const Label& label) {
  return {label.episode, label.from_frame, label.to_frame, label.level, label.key};
}

// What is there, by where it stands.
class Table {
 public:
  explicit Table(const std::vector<Label>& labels) {
    for (const Label& label : labels) Insert(label);
  }

  int64_t Remove(const std::vector<LabelFilter>& filters) {
    return static_cast<int64_t>(std::erase_if(labels_, [&](const auto& entry) {
      return std::any_of(filters.begin(), filters.end(), [&](auto& filter) { return filter.Matches(entry.second); });
    }));
  }

  bool Has(const Label& label) const {
    const auto [begin, end] = labels_.equal_range(PositionOf(label));
    return std::any_of(begin, end, [&](const auto& entry) { return entry.second.value == label.value; });
  }
  void Insert(const Label& label) { labels_.emplace(PositionOf(label), label); }
  int64_t Clear(const Label& label) { return static_cast<int64_t>(labels_.erase(PositionOf(label))); }

  std::vector<Label> Labels() const {
    std::vector<Label> labels;
    for (const auto& [position, label] : labels_) labels.push_back(label);
    return labels;
  }

 private:
  std::multimap<Position, Label> labels_;
};

std::vector<LabelFinding> Findings(const Dataset& dataset, std::vector<Label> labels,
                                   const std::vector<Label>& language) {
  labels.insert(labels.end(), language.begin(), language.end());
  std::vector<int64_t> lengths;
  for (const Episode& episode : dataset.episodes()) lengths.push_back(episode.length);
  return CheckLabels(DatasetLabels(std::move(labels), std::move(lengths), dataset.root().string()));
}

// The row that brought a fault in: the last added label that touches its frames.
std::string PlaceOf(const LabelFinding& finding, const LabelEdit& edit, const Dataset& dataset) {
  for (size_t i = edit.add.size(); i-- > 0;) {
    const Label& label = edit.add[i].label;
    if (label.key != finding.key || label.episode != finding.episode) continue;
    if (label.episode < 0 || (label.from_frame < finding.to_frame && finding.from_frame < label.to_frame)) {
      return edit.add[i].place;
    }
  }
  return dataset.root().string();
}

bool SayTheSame(std::vector<Label> a, std::vector<Label> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), SaysTheSame);
}

const char* MendOf(LabelFault fault) {
  if (fault == LabelFault::kOutsideSubtask) return "make it end where its subtask ends, or correct the subtask";
  if (fault == LabelFault::kOverlap) return "let one end where the other begins";
  return "remove the other one first (--remove), or give --replace for the same frames";
}

void RefuseNewFaults(const std::vector<LabelFinding>& before, const std::vector<LabelFinding>& after,
                     const LabelEdit& edit, const Dataset& dataset) {
  const std::set<LabelFinding> known(before.begin(), before.end());
  for (const LabelFinding& finding : after) {
    if (!IsRefused(finding.fault) || known.contains(finding)) continue;
    ThrowInput(finding.what, PlaceOf(finding, edit, dataset), MendOf(finding.fault));
  }
}

}  // namespace

bool LabelFilter::Matches(const Label& label) const {
  const auto episode_matches = [&] {
    return !episodes || std::find(episodes->begin(), episodes->end(), label.episode) != episodes->end();
  };
  return (!key || *key == label.key) && (!value || *value == label.value) && (!by || *by == label.by) &&
         (!level || *level == label.level) && (!from_frame || *from_frame == label.from_frame) &&
         (!to_frame || *to_frame == label.to_frame) && episode_matches();
}

EditOutcome EditLabels(const Dataset& dataset, const LabelEdit& edit) {
  const FolderLock lock(dataset.root() / "meta");
  const std::vector<Label> before = ReadLabels(dataset.root());
  const std::vector<Label> language = LanguageLabels(dataset);
  EditOutcome outcome;
  Table table(before);
  outcome.removed = table.Remove(edit.remove);
  for (const PlacedLabel& placed : edit.add) {
    if (table.Has(placed.label)) {
      ++outcome.already;
      continue;
    }
    if (edit.replace) outcome.removed += table.Clear(placed.label);
    table.Insert(placed.label);
    ++outcome.added;
  }
  const std::vector<Label> after = table.Labels();
  outcome.findings = Findings(dataset, after, language);
  RefuseNewFaults(Findings(dataset, before, language), outcome.findings, edit, dataset);
  // Found again as it was: by whom and when it was first said stays.
  if (SayTheSame(Table(before).Labels(), after)) {
    outcome.already += outcome.added;
    outcome.added = outcome.removed = 0;
  } else {
    WriteLabels(dataset.root(), after);
  }
  return outcome;
}

}  // namespace heddle::data
