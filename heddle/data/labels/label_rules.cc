#include "heddle/data/labels/label_rules.h"

#include <algorithm>
#include <map>
#include <set>

namespace heddle::data {
namespace {

using LabelRefs = std::vector<const Label*>;

std::string FramesText(int64_t from, int64_t to) {
  return to - from == 1 ? "frame " + std::to_string(from)
                        : "frames " + std::to_string(from) + " to " + std::to_string(to - 1);
}

// Of one level and key, by frame.
void CheckOverlaps(const LabelRefs& labels, std::vector<LabelFinding>& findings) {
  const Label* furthest = nullptr;
  for (const Label* label : labels) {
    const bool whole = label->level == LabelLevel::kDataset;
    if (furthest != nullptr && (whole || label->from_frame < furthest->to_frame)) {
      const bool same = furthest->value == label->value;
      const int64_t to = std::min(furthest->to_frame, label->to_frame);
      std::string what = Describe(*label) + (same ? " is said twice" : ", and " + Describe(*furthest));
      findings.push_back({same ? LabelFault::kOverlap : LabelFault::kContradiction, label->episode,
                          whole ? 0 : label->from_frame, whole ? 0 : to, label->key, std::move(what), 1});
    }
    if (furthest == nullptr || label->to_frame > furthest->to_frame) furthest = label;
  }
}

void CheckNesting(const LabelRefs& interactions, const LabelRefs& subtasks, std::vector<LabelFinding>& findings) {
  for (const Label* inner : interactions) {
    const bool inside = std::any_of(subtasks.begin(), subtasks.end(), [&](const Label* outer) {
      return outer->from_frame <= inner->from_frame && inner->to_frame <= outer->to_frame;
    });
    if (inside) continue;
    const bool none = subtasks.empty();
    findings.push_back({none ? LabelFault::kNoSubtasks : LabelFault::kOutsideSubtask, inner->episode, inner->from_frame,
                        inner->to_frame, inner->key,
                        Describe(*inner) + (none ? ": the episode has no subtasks" : " lies inside no subtask"), 1});
  }
}

// `subtasks` by frame.
void CheckCoverage(const LabelRefs& subtasks, int64_t length, std::vector<LabelFinding>& findings) {
  if (subtasks.empty()) return;
  int64_t covered = 0;
  const auto gap_until = [&](int64_t frame) {
    if (frame <= covered) return;
    findings.push_back({LabelFault::kGap, subtasks.front()->episode, covered, frame, subtasks.front()->key,
                        "episode " + std::to_string(subtasks.front()->episode) + ", " + FramesText(covered, frame) +
                            " have no subtask",
                        1});
  };
  for (const Label* subtask : subtasks) {
    gap_until(subtask->from_frame);
    covered = std::max(covered, subtask->to_frame);
  }
  gap_until(length);
}

void CheckMissing(const DatasetLabels& labels, std::vector<LabelFinding>& findings) {
  std::map<std::string, std::set<int64_t>> episodes_of;
  for (const Label& label : labels.All()) {
    // What is found in a stream is missing wherever there was nothing to find.
    if (label.level == LabelLevel::kNote || label.level == LabelLevel::kContact) continue;
    episodes_of[label.key].insert(label.episode);
  }
  const auto count = static_cast<int64_t>(labels.episode_lengths().size());
  for (const auto& [key, episodes] : episodes_of) {
    const auto having = static_cast<int64_t>(episodes.size());
    if (episodes.contains(-1) || having == count) continue;
    int64_t first = 0;
    while (episodes.contains(first)) ++first;
    findings.push_back({LabelFault::kMissing, first, 0, labels.episode_lengths()[static_cast<size_t>(first)], key,
                        std::to_string(count - having) + " of " + std::to_string(count) + " episodes have no '" + key +
                            "', episode " + std::to_string(first) + " first",
                        count - having});
  }
}

}  // namespace

const char* FaultName(LabelFault fault) {
  switch (fault) {
    case LabelFault::kContradiction: return "contradiction";
    case LabelFault::kOverlap: return "overlap";
    case LabelFault::kOutsideSubtask: return "outside-subtask";
    case LabelFault::kNoSubtasks: return "no-subtasks";
    case LabelFault::kGap: return "gap";
    case LabelFault::kMissing: return "missing";
  }
  return "";
}

bool IsRefused(LabelFault fault) {
  return fault == LabelFault::kContradiction || fault == LabelFault::kOverlap || fault == LabelFault::kOutsideSubtask;
}

std::vector<LabelFinding> CheckLabels(const DatasetLabels& labels) {
  std::vector<LabelFinding> findings;
  const std::vector<Label>& all = labels.All();
  for (size_t begin = 0; begin < all.size();) {
    size_t end = begin;
    std::map<std::pair<LabelLevel, std::string>, LabelRefs> by_key;
    LabelRefs subtasks, interactions;
    for (; end < all.size() && all[end].episode == all[begin].episode; ++end) {
      if (all[end].level == LabelLevel::kNote) continue;
      by_key[{all[end].level, all[end].key}].push_back(&all[end]);
      if (all[end].level == LabelLevel::kSubtask) subtasks.push_back(&all[end]);
      if (all[end].level == LabelLevel::kInteraction) interactions.push_back(&all[end]);
    }
    for (const auto& [key, list] : by_key) CheckOverlaps(list, findings);
    CheckNesting(interactions, subtasks, findings);
    if (all[begin].episode >= 0) {
      CheckCoverage(subtasks, labels.episode_lengths()[static_cast<size_t>(all[begin].episode)], findings);
    }
    begin = end;
  }
  CheckMissing(labels, findings);
  std::stable_sort(findings.begin(), findings.end(), [](const LabelFinding& a, const LabelFinding& b) {
    return std::tie(a.episode, a.from_frame, a.fault) < std::tie(b.episode, b.from_frame, b.fault);
  });
  return findings;
}

}  // namespace heddle::data
