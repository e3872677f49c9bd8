// Where each picture of a source's camera stands when the pictures of its episodes are laid end to end.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "heddle/data/dataset.h"

namespace heddle::mixture {

class PictureIndex {
 public:
  PictureIndex() = default;
  PictureIndex(const data::Dataset& dataset, std::span<const int64_t> episodes) {
    for (const int64_t episode : episodes) {
      first_[episode] = count_;
      count_ += dataset.episode(episode).length;
    }
  }

  int64_t count() const { return count_; }
  // Of an episode that was named (std::out_of_range otherwise: our bug).
  int64_t operator()(int64_t episode, int64_t frame) const { return first_.at(episode) + frame; }

 private:
  std::map<int64_t, int64_t> first_;
  int64_t count_ = 0;
};

}  // namespace heddle::mixture
