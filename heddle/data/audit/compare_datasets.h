// What keeps several datasets from being mixed as they are.
#pragma once

#include <span>
#include <vector>

#include "heddle/data/audit/finding.h"
#include "heddle/data/audit/profile.h"

namespace heddle::data::audit {

const std::vector<FindingKind>& MixFindingKinds();

// Each dataset with the first one. `findings` is of the pair: "A, B".
void CompareDatasets(const DatasetProfile& first, const DatasetProfile& other, Findings& findings);

}  // namespace heddle::data::audit
