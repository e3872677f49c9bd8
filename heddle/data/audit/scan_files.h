// Looks at the files of a dataset without Dataset, which refuses to serve rows that are not an episode's own: here it
// is said what is wrong with them.
#pragma once

#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/data/audit/facts.h"
#include "heddle/data/dataset.h"

namespace heddle::data::audit {

// What the bookkeeping columns of one file say against what the table says. `found` has one value a row.
struct RowColumns {
  std::vector<int64_t> episode_index, index, frame_index;
};
// Each place where the rows leave what is expected, at most a few. Episodes in the order of the file.
std::vector<RowFault> CompareRows(const std::vector<const Episode*>& episodes, const RowColumns& found);

// Fills data_files, video_files and orphans of facts whose info and episodes are known.
void ScanFiles(const Dataset& dataset, DatasetFacts& facts, const ThreadBudget& budget);

}  // namespace heddle::data::audit
