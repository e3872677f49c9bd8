#include "heddle/mixture/source.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

std::set<int64_t> CheckedEpisodes(const std::vector<int64_t>& list, const Source& source, const char* key) {
  const auto count = static_cast<int64_t>(source.dataset->episodes().size());
  std::set<int64_t> episodes;
  for (const int64_t episode : list) {
    const std::string where = "source " + source.name + ", " + key;
    if (episode < 0 || episode >= count) {
      ThrowUsage("there is no episode " + std::to_string(episode), where,
                 "the dataset has episodes 0 to " + std::to_string(count - 1));
    }
    if (!episodes.insert(episode).second) ThrowUsage("episode " + std::to_string(episode) + " stands twice", where);
  }
  return episodes;
}

}  // namespace

std::vector<int64_t> SelectEpisodes(const Source& source, EpisodeSet set) {
  const std::set<int64_t> holdout = CheckedEpisodes(source.holdout, source, "holdout");
  if (set == EpisodeSet::kHoldout) return {holdout.begin(), holdout.end()};
  std::vector<int64_t> all;
  if (source.episodes) {
    const std::set<int64_t> chosen = CheckedEpisodes(*source.episodes, source, "episodes");
    all.assign(chosen.begin(), chosen.end());
  } else {
    for (const data::Episode& episode : source.dataset->episodes()) all.push_back(episode.index);
  }
  std::erase_if(all, [&](int64_t episode) { return holdout.contains(episode); });
  return all;
}

std::vector<std::string> CheckSources(const std::vector<Source>& sources) {
  if (sources.empty()) ThrowUsage("the mixture has no sources");
  std::set<std::string> names;
  std::vector<std::string> domains;
  double sum = 0;
  for (const Source& source : sources) {
    if (source.name.empty()) ThrowUsage("a source has no name");
    const std::string where = "source " + source.name;
    if (!names.insert(source.name).second) ThrowUsage("the name stands twice", where, "names must differ");
    if (source.dataset == nullptr) ThrowUsage("the source has no dataset", where);
    if (!(source.weight >= 0) || !std::isfinite(source.weight)) {
      ThrowUsage("the weight is " + FormatDouble(source.weight), where, "weights are 0 or more");
    }
    sum += source.weight;
    if (std::ranges::find(domains, source.domain_name()) == domains.end()) domains.push_back(source.domain_name());
  }
  if (!(sum > 0) || !std::isfinite(sum)) ThrowUsage("all weights are 0 or their sum is not finite", "weight");
  return domains;
}

}  // namespace heddle::mixture
