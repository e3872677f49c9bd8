#include "heddle/data/audit/missing.h"

#include <algorithm>
#include <cctype>
#include <functional>

namespace heddle::data::audit {
namespace {

constexpr size_t kFewEpisodes = 50;
constexpr double kSlow_hz = 10;

struct Entry {
  MissingItem item;
  std::function<bool(const DatasetFacts&)> lacks;
};

bool HasLabel(const DatasetFacts& facts, const std::string& key) {
  if (!facts.labels) return false;
  const auto& all = facts.labels->All();
  return std::any_of(all.begin(), all.end(), [&](const Label& label) { return label.key == key; });
}

bool HasLevel(const DatasetFacts& facts, LabelLevel level) {
  if (!facts.labels) return false;
  const auto& all = facts.labels->All();
  return std::any_of(all.begin(), all.end(), [&](const Label& label) { return label.level == level; });
}

// Name of the first stream of touch or force, empty if there is none.
std::string ForceStream(const DatasetFacts& facts) {
  for (const Feature& feature : facts.info.features) {
    if (feature.kind != FeatureKind::kNumeric) continue;
    std::string lower = feature.name;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const char* word : {"tactile", "force", "torque", "effort", "wrench", "touch"}) {
      if (lower.find(word) != std::string::npos) return feature.name;
    }
  }
  return "";
}

void Replace(std::string& text, const std::string& name, const std::string& by) {
  if (const size_t at = text.find(name); at != std::string::npos) text.replace(at, name.size(), by);
}

size_t NumPictures(const DatasetFacts& facts) {
  return static_cast<size_t>(std::count_if(facts.info.features.begin(), facts.info.features.end(),
                                           [](const Feature& f) { return f.is_camera() && !f.depth; }));
}

bool HasDepth(const DatasetFacts& facts) {
  return std::any_of(facts.info.features.begin(), facts.info.features.end(), [](const Feature& feature) {
    return feature.depth.has_value() || (feature.is_camera() && feature.channels == 1);
  });
}

const std::vector<Entry>& Entries() {
  const auto item = [](std::string code, std::string what, std::string why, std::string command) {
    return MissingItem{std::move(code), 0, std::move(what), std::move(why), std::move(command), {}};
  };
  static const std::vector<Entry> kEntries = {
      {item("no-action", "actions", "nothing can be imitated",
            "record the commands, or use it where no actions are needed"),
       [](const DatasetFacts& f) { return !f.info.Find("action"); }},
      {item("no-camera", "pictures", "the policy acts blind", "record with at least one camera"),
       [](const DatasetFacts& f) { return NumPictures(f) == 0; }},
      {item("no-domain", "a domain label", "without it the policy can't keep domains apart once they are aligned",
            "heddle data annotate {dataset} --set domain=NAME"),
       [](const DatasetFacts& f) { return !HasLabel(f, "domain"); }},
      {item("no-strategy", "strategy labels", "a fast and a safe way of doing it are averaged into neither",
            "heddle data annotate {dataset} --episode E --set strategy=NAME"),
       [](const DatasetFacts& f) { return !HasLabel(f, "strategy") && !f.info.Find("strategy"); }},
      {item("few-episodes", "episodes: fewer than 50", "a policy of one task wants 50 and more",
            "record more episodes"),
       [](const DatasetFacts& f) { return f.episodes.size() < kFewEpisodes; }},
      {item("one-instruction", "different instructions: one text for all", "language has no effect on the policy",
            "lerobot-edit-dataset --repo_id {dataset} --operation.type modify_tasks"),
       [](const DatasetFacts& f) { return f.tasks.size() < 2; }},
      {item("no-embodiment", "an embodiment", "which body acts is not said",
            "heddle data annotate {dataset} --set embodiment=NAME"),
       [](const DatasetFacts& f) { return f.info.robot_type.empty() && !HasLabel(f, "embodiment"); }},
      {item("no-subtasks", "subtasks", "nothing tells the stages of the task across domains",
            "heddle data annotate {dataset} --csv subtasks.csv"),
       [](const DatasetFacts& f) { return !HasLevel(f, LabelLevel::kSubtask) && !f.info.Find("language_persistent"); }},
      {item("no-success", "success flags", "failed episodes are imitated like the others",
            "heddle data annotate {dataset} --episode E --set success=true"),
       [](const DatasetFacts& f) { return !f.info.Find("next.success") && !HasLabel(f, "success"); }},
      {item("low-rate", "density: fewer than 10 frames a second", "contacts fall between the frames",
            "record at 20 Hz or more"),
       [](const DatasetFacts& f) { return f.info.fps < kSlow_hz; }},
      {item("no-force", "touch: no tactile or force stream",
            "contacts, which tie pictures to what the hand feels, are not seen",
            "record observation.force, or the effort of the joints"),
       [](const DatasetFacts& f) { return ForceStream(f).empty(); }},
      {item("no-contacts", "contacts found in its force stream", "the moments that matter are not marked",
            "heddle data annotate {dataset} --contact {force}"),
       [](const DatasetFacts& f) { return !ForceStream(f).empty() && !HasLevel(f, LabelLevel::kContact); }},
      {item("one-view", "a second camera", "what the hand hides is not seen", "record with a camera on the wrist"),
       [](const DatasetFacts& f) { return NumPictures(f) == 1; }},
      {item("no-depth", "depth", "distances are guessed from one picture", "record a depth camera"),
       [](const DatasetFacts& f) { return NumPictures(f) > 0 && !HasDepth(f); }},
      {item("no-holdout", "episodes held out", "nothing is left to validate on",
            "holdout: 10% beside the source in mixture.yaml"),
       [](const DatasetFacts& f) { return f.info.splits.size() < 2 && !HasLabel(f, "split"); }},
      {item("no-statistics", "statistics", "LeRobot can't train without them",
            "lerobot-edit-dataset --repo_id {dataset} --operation.type recompute_stats"),
       [](const DatasetFacts& f) { return !f.statistics && !f.episode_statistics; }},
      {item("not-sealed", "a seal", "a checkpoint can't name exactly the data that it saw",
            "heddle data seal {dataset}"),
       [](const DatasetFacts& f) { return !f.sealed; }},
  };
  return kEntries;
}

}  // namespace

std::vector<MissingItem> WhatIsMissing(std::span<const DatasetFacts> datasets) {
  std::vector<MissingItem> missing;
  for (const Entry& entry : Entries()) {
    MissingItem item = entry.item;
    for (const DatasetFacts& facts : datasets) {
      if (!entry.lacks(facts)) continue;
      if (item.datasets.empty()) Replace(item.command, "{force}", ForceStream(facts));
      item.datasets.push_back(facts.name);
    }
    if (item.datasets.empty()) continue;
    item.rank = static_cast<int>(missing.size()) + 1;
    Replace(item.command, "{dataset}", item.datasets.front());
    missing.push_back(std::move(item));
  }
  return missing;
}

std::vector<MissingItem> AllMissingItems() {
  std::vector<MissingItem> items;
  for (const Entry& entry : Entries()) items.push_back(entry.item);
  return items;
}

}  // namespace heddle::data::audit
