// The numbers of episodes in the mixture's layout and rate, kept for the next window that needs them: those used last,
// up to so many bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/conditions.h"
#include "heddle/mixture/lru.h"

namespace heddle::mixture {

struct EpisodeRows {
  int64_t length = 0;                      // at the mixture's rate
  std::vector<std::vector<float>> values;  // as layout.numbers: [length, D]
  std::vector<int64_t> tasks;              // [length]: the dataset's task_index
  EpisodeConditions conditions;

  size_t bytes() const;
};

// Reads an episode. kInput as data::Dataset throws it, with the source's name; a task_index that the dataset lacks.
EpisodeRows ReadEpisodeRows(const BoundSource& source, const Layout& layout, const Vocabulary& vocabulary,
                            int64_t episode);

// May be asked by several threads at once. What it refers to must outlive it.
class RowStore {
 public:
  RowStore(const std::vector<BoundSource>& sources, const Layout& layout, const Vocabulary& vocabulary, size_t bytes);

  std::shared_ptr<const EpisodeRows> Get(int32_t source, int64_t episode);
  size_t bytes() const { return kept_.bytes(); }

 private:
  const std::vector<BoundSource>& sources_;
  const Layout& layout_;
  const Vocabulary& vocabulary_;
  Lru<std::pair<int32_t, int64_t>, EpisodeRows> kept_;
};

}  // namespace heddle::mixture
