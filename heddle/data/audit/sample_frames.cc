#include "heddle/data/audit/sample_frames.h"

#include <cstddef>
#include <numeric>
#include <set>

namespace heddle::data::audit {

std::vector<int64_t> SampleFrames(int64_t length, int64_t count) {
  if (length <= 0 || count == 0) return {};
  if (count < 0 || count >= length) {
    std::vector<int64_t> all(static_cast<size_t>(length));
    std::iota(all.begin(), all.end(), 0);
    return all;
  }
  if (count == 1) return {length - 1};
  const int64_t pairs = count / 2;
  std::set<int64_t> frames;
  for (int64_t k = 0; k < pairs; ++k) {
    const int64_t first = pairs == 1 ? length - 2 : k * (length - 2) / (pairs - 1);
    frames.insert({first, first + 1});
  }
  if (count % 2 == 1) frames.insert(length / 2);
  return {frames.begin(), frames.end()};
}

}  // namespace heddle::data::audit
