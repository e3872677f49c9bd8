// Episodes as people write them: "3", "0,4,7-9" (both ends included).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace heddle::data {

// Sorted, each once. Usage error for what is no such list and for episodes that are not there (`count` of them are).
std::vector<int64_t> ParseEpisodeList(std::string_view text, int64_t count);

}  // namespace heddle::data
