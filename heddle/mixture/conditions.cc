#include "heddle/mixture/conditions.h"

#include <algorithm>
#include <set>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

const char* const kDomain = "domain";

}  // namespace

Vocabulary::Vocabulary(const std::vector<Source>& sources) {
  std::map<std::string, std::set<std::string>> sets;
  for (const Source& source : sources) {
    sets[kDomain].insert(source.domain_name());
    for (const auto& [key, value] : source.labels) {
      if (key != kDomain) sets[key].insert(value);
    }
    for (const auto& [key, track] : source.tracks) {
      if (key != kDomain) sets[key].insert(track.values().begin(), track.values().end());
    }
  }
  for (const auto& [key, set] : sets) values_[key].assign(set.begin(), set.end());
}

int64_t Vocabulary::IndexOf(const std::string& key, const std::string& value) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return 0;
  const auto place = std::ranges::find(found->second, value);
  return place == found->second.end() ? 0 : place - found->second.begin() + 1;
}

EpisodeConditions::EpisodeConditions(const Source& source, int64_t episode, const Vocabulary& vocabulary) {
  for (const auto& [key, unused] : vocabulary.values()) {
    const auto index_of = [&](const std::string& value) {
      const int64_t index = vocabulary.IndexOf(key, value);
      if (index == 0) {
        ThrowInput("the value '" + value + "' is not among those that are known",
                   "source " + source.name + ", label " + key, "train anew, or correct the label");
      }
      return index;
    };
    if (key == kDomain) {
      whole_.push_back(index_of(source.domain_name()));
      continue;
    }
    const auto constant = source.labels.find(key);
    const auto track = source.tracks.find(key);
    if (track != source.tracks.end()) {
      Track& own = tracks_.emplace_back();
      own.key = whole_.size();
      for (const int32_t id : track->second.Ids(episode)) {
        const bool none = id < 0;
        own.indices.push_back(none ? 0
                                   : static_cast<int32_t>(index_of(track->second.values()[static_cast<size_t>(id)])));
      }
    }
    whole_.push_back(constant == source.labels.end() ? 0 : index_of(constant->second));
  }
}

void EpisodeConditions::At(int64_t frame, std::span<int64_t> indices) const {
  HEDDLE_DEMAND(indices.size() == whole_.size());
  std::ranges::copy(whole_, indices.begin());
  for (const Track& track : tracks_) {
    const int32_t index = track.indices[static_cast<size_t>(frame)];
    if (index != 0) indices[track.key] = index;
  }
}

size_t EpisodeConditions::bytes() const {
  size_t sum = whole_.size() * sizeof(int64_t);
  for (const Track& track : tracks_) sum += track.indices.size() * sizeof(int32_t);
  return sum;
}

}  // namespace heddle::mixture
