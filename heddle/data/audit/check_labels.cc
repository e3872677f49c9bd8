// Labels that contradict each other, or that only some episodes have.
#include <map>
#include <set>

#include "heddle/core/error.h"
#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// Frames of an episode that have no label of the track's key.
int64_t Unlabelled(const LabelTrack& track, int64_t episode) {
  int64_t count = 0;
  for (const int32_t id : track.Ids(episode)) count += id < 0;
  return count;
}

class Labels : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    if (!facts.labels) {
      if (!facts.labels_error.empty()) findings.Add("labels-unreadable", {}, facts.labels_error);
      return;
    }
    for (const std::string& key : facts.labels->Keys()) LookAt(*facts.labels, key, findings);
  }

 private:
  // Steps, interactions and contacts come and go within an episode: a frame without one is as it should be.
  static bool ComesAndGoes(const DatasetLabels& labels, const std::string& key) {
    for (const Label& label : labels.All()) {
      if (label.key == key && label.level >= LabelLevel::kSpan) return true;
    }
    return false;
  }

  static void LookAt(const DatasetLabels& labels, const std::string& key, Findings& findings) {
    const Place place{.episode = {}, .frame = {}, .feature = key};
    int64_t without = 0, first = -1;
    const auto num_episodes = static_cast<int64_t>(labels.episode_lengths().size());
    try {
      const LabelTrack track = labels.Track(key);
      for (int64_t episode = 0; episode < num_episodes; ++episode) {
        if (Unlabelled(track, episode) == 0) continue;
        if (first < 0) first = episode;
        ++without;
      }
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kBug) throw;
      findings.Add("labels-contradictory", place, error.message());
      return;
    }
    if (without == 0 || ComesAndGoes(labels, key)) return;
    findings.Add("labels-partial", {.episode = first, .frame = {}, .feature = key},
                 Count(without, "episode") + " of " + std::to_string(num_episodes) + " " +
                     (without == 1 ? "has" : "have") + " no label '" + key + "'",
                 {{"episodes", without}, {"of", num_episodes}});
  }
};

}  // namespace

CheckEntry LabelsCheck() {
  return {"labels",
          {{"labels-unreadable", Severity::kError, "labels that can't be read",
            "the policy can't be told what they say", "heddle data annotate {dataset} writes them again"},
           {"labels-contradictory", Severity::kError, "labels that contradict each other",
            "the policy would be told one of two things by chance",
            "heddle data annotate {dataset} with one value of the key for these frames"},
           {"labels-partial", Severity::kWarning, "labels that only some episodes have",
            "episodes without the label train as if nothing were known of them",
            "heddle data annotate {dataset} --episode E --set KEY=VALUE"}},
          [] { return std::make_unique<Labels>(); }};
}

}  // namespace heddle::data::audit
