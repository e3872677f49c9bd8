// SHA-256 of what an episode holds, decoded: it stays the same when its files are written anew, joined or split, and
// when other episodes go or come.
//
// Hashed are, in the order of the features' names: each feature's name, type and shape; its numbers; its texts; its
// language rows; its pictures decoded to pixels (depth videos as their codes); and the instruction of each frame. Left
// out is what only says where the episode stands: index, episode_index, task_index.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace heddle::data {

class Dataset;

// For one thread; keeps the last file of each camera open, so episodes should come in order. `dataset` must outlive it.
class EpisodeHasher {
 public:
  explicit EpisodeHasher(const Dataset& dataset);
  ~EpisodeHasher();

  // Whatever reading the episode whole throws. Files that embedded pictures refer to are added to `picture_files`.
  std::string Hash(int64_t episode, std::set<std::string>* picture_files = nullptr);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data
