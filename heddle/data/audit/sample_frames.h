// Which frames of an episode are decoded.
#pragma once

#include <cstdint>
#include <vector>

namespace heddle::data::audit {

// `count` frames of an episode of `length` (all of them if count < 0 or >= length), ascending: pairs of neighbours,
// evenly spread, the first and the last frame among them. Neighbours show repeated frames; the spread shows frozen
// ones.
std::vector<int64_t> SampleFrames(int64_t length, int64_t count);

}  // namespace heddle::data::audit
