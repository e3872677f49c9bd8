// Which of a dataset's numbers fill a slot of the layout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::mixture {

// Fills one slot of the layout: out[i] = scale * dataset[dimension i] + offset.
struct SlotMap {
  std::string feature = {};  // of the dataset; empty: the one of the layout's name
  // Which of its dimensions, in the slot's order: by name, or by position where `names` is empty.
  std::vector<std::string> names = {};
  std::vector<int64_t> positions = {};
  double scale = 1;      // sign and unit in one: -1, pi / 180, ...
  double offset = 0;     // in the layout's unit; none for deltas, neither scale nor offset for quaternions
  bool missing = false;  // the dataset has nothing for it: zeros, and is_present says 0
};

}  // namespace heddle::mixture
