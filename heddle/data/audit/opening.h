// Why a dataset can't be opened, said as findings: the error's own sentence, and where the episode table is at fault,
// what exactly is wrong with it.
#pragma once

#include <filesystem>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/data/audit/finding.h"

namespace heddle::data::audit {

const std::vector<FindingKind>& OpeningFindingKinds();

// `error` is what opening threw; `root` the dataset's folder, empty if there is none.
void ExplainOpening(const Error& error, const std::filesystem::path& root, Findings& findings);

// What the numbers of the episode table are, against 0, 1, 2, ..., `counted` - 1.
void ExplainEpisodeIndices(const std::vector<int64_t>& indices, int64_t counted, Findings& findings);

}  // namespace heddle::data::audit
