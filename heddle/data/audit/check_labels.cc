// Labels that can't be read, contradict each other, or leave frames out (heddle/data/labels/label_rules.h).
#include <algorithm>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"
#include "heddle/data/labels/label_rules.h"

namespace heddle::data::audit {
namespace {

const char* CodeOf(LabelFault fault) {
  switch (fault) {
    case LabelFault::kContradiction: return "labels-contradictory";
    case LabelFault::kOverlap: return "labels-overlapping";
    case LabelFault::kOutsideSubtask: return "labels-not-nested";
    case LabelFault::kNoSubtasks: return "labels-without-subtasks";
    case LabelFault::kGap: return "labels-gap";
    case LabelFault::kMissing: return "labels-partial";
  }
  return "";
}

class Labels : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    if (!facts.labels_error.empty()) findings.Add("labels-unreadable", {}, facts.labels_error);
    if (!facts.labels) return;
    for (const LabelFinding& found : CheckLabels(*facts.labels)) {
      Place place;
      place.feature = found.key;
      if (found.episode >= 0) place.episode = found.episode;
      if (found.to_frame > found.from_frame) place.frame = found.from_frame;
      const bool sparse = found.fault == LabelFault::kMissing && ComesAndGoes(*facts.labels, found.key);
      findings.Add(sparse ? "labels-sparse" : CodeOf(found.fault), place, found.what,
                   {{"episodes", found.num_episodes}});
    }
  }

 private:
  // Steps, plans and contacts are of some episodes only, as they happen; domains and strategies are of all.
  static bool ComesAndGoes(const DatasetLabels& labels, const std::string& key) {
    return std::any_of(labels.All().begin(), labels.All().end(),
                       [&](const Label& label) { return label.key == key && label.level >= LabelLevel::kSpan; });
  }
};

}  // namespace

CheckEntry LabelsCheck() {
  return {"labels",
          {{"labels-unreadable", Severity::kError, "labels that can't be read",
            "the policy can't be told what they say", "copy meta/heddle/ again, or annotate anew"},
           {"labels-contradictory", Severity::kError, "labels that contradict each other",
            "the policy would be told one of two things by chance",
            "take one of them away: heddle data annotate {dataset} --remove KEY=VALUE"},
           {"labels-not-nested", Severity::kWarning, "interactions that leave their subtask",
            "the stages of the task, by which domains are compared, are blurred",
            "correct the frames of the interaction or of the subtask"},
           {"labels-partial", Severity::kWarning, "labels that only some episodes have",
            "episodes without the label train as if nothing were known of them",
            "heddle data annotate {dataset} for the episodes that lack it"},
           {"labels-sparse", Severity::kNote, "labels of parts of some episodes only", "none, if it is as it happened",
            "annotate the other episodes, if it happened there too"},
           {"labels-gap", Severity::kNote, "frames without a subtask", "these frames have no stage",
            "annotate them, if they belong to one"},
           {"labels-without-subtasks", Severity::kNote, "interactions without subtasks",
            "the stages of the task are known in part", "annotate the subtasks too"},
           {"labels-overlapping", Severity::kNote, "the same label twice", "none", "none is needed"}},
          [] { return std::make_unique<Labels>(); }};
}

}  // namespace heddle::data::audit
