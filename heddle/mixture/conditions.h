// Labels as conditions: what a batch says of each row in numbers.
//
// For every key (domain, embodiment, strategy, ...) the values that any source gives it, sorted; in a batch a value is
// its place in that list plus 1, and 0 means that the row has no such label. Every row has a domain.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "heddle/mixture/source.h"

namespace heddle::mixture {

class Vocabulary {
 public:
  explicit Vocabulary(const std::vector<Source>& sources);
  // One that a checkpoint carries; key -> values in their order.
  explicit Vocabulary(std::map<std::string, std::vector<std::string>> values) : values_(std::move(values)) {}

  const std::map<std::string, std::vector<std::string>>& values() const { return values_; }
  size_t num_keys() const { return values_.size(); }
  // 0 for a value (or a key) that is not in it.
  int64_t IndexOf(const std::string& key, const std::string& value) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// The labels of an episode, ready to be looked up by frame.
class EpisodeConditions {
 public:
  // kInput: a value that the vocabulary lacks.
  EpisodeConditions(const Source& source, int64_t episode, const Vocabulary& vocabulary);

  // Indices of all keys, in the vocabulary's order, at one of the dataset's frames.
  void At(int64_t frame, std::span<int64_t> indices) const;
  size_t bytes() const;

 private:
  struct Track {
    size_t key = 0;
    std::vector<int32_t> indices;  // one a frame; 0 for none
  };
  std::vector<int64_t> whole_;
  std::vector<Track> tracks_;
};

}  // namespace heddle::mixture
