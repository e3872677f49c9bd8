// What the paper leads one to expect of the sweep, and whether it came out. Nothing is tuned until it does: what did
// not is said on the page, beside which single detail moves the result most (heddle/toy/sensitivity.h).
#pragma once

#include <string>
#include <vector>

#include "heddle/toy/sweep.h"

namespace heddle::toy {

struct Finding {
  std::string claim, expected, found;
  bool holds = false;
  std::string note;  // may be empty
};

// On the mean over the complete seeds. Empty unless the grid is the paper's.
std::vector<Finding> Findings(const Sweep& sweep, const std::vector<int>& seeds);

}  // namespace heddle::toy
