// The dataset of a source of the mixture sheet, opened, and which of its episodes are trained on.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "heddle/data/dataset.h"
#include "heddle/mixture/sheet/sheet.h"

namespace heddle::mixture {

struct OpenSource {
  const SheetSource* sheet = nullptr;
  std::shared_ptr<const data::Dataset> dataset;
  std::vector<int64_t> training, holdout;  // episodes in ascending order, without a common one
};

// In the sheet's order; the sheet must outlive them. What opening throws, with the sheet's line before it.
std::vector<OpenSource> OpenSources(const Sheet& sheet);

// Which of `episodes` are held out by a share of them: k = max(at_least, ceil(share n)), but always fewer than n, and
// none where the share is 0; the (i + 1/2) n / k th of them, i = 0 .. k-1, so that they are spread evenly.
std::vector<int64_t> SpreadHoldout(const std::vector<int64_t>& episodes, const HoldoutRule& rule);

}  // namespace heddle::mixture
