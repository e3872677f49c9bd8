#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/compare_datasets.h"
#include "heddle/data/audit/opening.h"

namespace heddle::data::audit {

const std::vector<CheckEntry>& AllChecks() {
  static const std::vector<CheckEntry> kChecks = {
      FilesCheck(),       FeaturesCheck(), RowsCheck(),       TimestampsCheck(), FiniteCheck(),
      ConstantCheck(),    ClippedCheck(),  StatisticsCheck(), TasksCheck(),      VideoLengthsCheck(),
      VideoFormatCheck(), PicturesCheck(), FrozenCheck(),     LabelsCheck(),
  };
  return kChecks;
}

Findings RunChecks(const DatasetFacts& facts, std::span<const EpisodeData> episodes) {
  Findings findings(facts.name, AllFindingKinds());
  for (const CheckEntry& entry : AllChecks()) {
    const auto check = entry.make();
    check->Begin(facts, findings);
    for (const EpisodeData& episode : episodes) check->Visit(facts, episode, findings);
    check->Finish(facts, findings);
  }
  return findings;
}

const std::vector<FindingKind>& AllFindingKinds() {
  static const std::vector<FindingKind> kKinds = [] {
    std::vector<FindingKind> kinds = OpeningFindingKinds();
    for (const CheckEntry& check : AllChecks()) kinds.insert(kinds.end(), check.kinds.begin(), check.kinds.end());
    kinds.insert(kinds.end(), MixFindingKinds().begin(), MixFindingKinds().end());
    return kinds;
  }();
  return kKinds;
}

}  // namespace heddle::data::audit
