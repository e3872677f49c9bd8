#include "heddle/data/episode_list.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

int64_t EpisodeFrom(std::string_view text, std::string_view whole, int64_t count) {
  int64_t episode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), episode);
  if (error != std::errc() || end != text.data() + text.size() || episode < 0) {
    ThrowUsage("'" + std::string(whole) + "' is no list of episodes", "", "write them as 3 or 0,4,7-9");
  }
  if (episode >= count) {
    ThrowUsage("there is no episode " + std::to_string(episode), "",
               count == 0 ? "the dataset is empty" : "episodes are 0 to " + std::to_string(count - 1));
  }
  return episode;
}

}  // namespace

std::vector<int64_t> ParseEpisodeList(std::string_view text, int64_t count) {
  std::set<int64_t> episodes;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const size_t dash = part.find('-');
    const int64_t first = EpisodeFrom(part.substr(0, dash), text, count);
    const int64_t last = dash == std::string_view::npos ? first : EpisodeFrom(part.substr(dash + 1), text, count);
    if (last < first) ThrowUsage("'" + std::string(part) + "' is no range of episodes", "", "the first comes first");
    for (int64_t episode = first; episode <= last; ++episode) episodes.insert(episode);
    begin = end + 1;
  }
  return {episodes.begin(), episodes.end()};
}

}  // namespace heddle::data
