#include "heddle/mixture/sheet/pooled_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/error.h"
#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/row_store.h"

namespace heddle::mixture {
namespace {

constexpr int64_t kMaxSorted = 1 << 20;  // values of a dimension that quantiles are taken of

// One dimension. Mean and squares by Welford's recurrence.
class Pool {
 public:
  explicit Pool(int64_t stride) : stride_(stride) {}

  void Add(double value) {
    if (count_++ % stride_ == 0) sorted_.push_back(static_cast<float>(value));
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
    const double from_mean = value - mean_;
    mean_ += from_mean / static_cast<double>(count_);
    squares_ += from_mean * (value - mean_);
  }

  void AppendTo(contract::FeatureStatistics& statistics) {
    std::ranges::sort(sorted_);
    statistics.min.push_back(min_);
    statistics.max.push_back(max_);
    statistics.mean.push_back(mean_);
    statistics.std.push_back(std::sqrt(squares_ / static_cast<double>(count_)));
    statistics.q01.push_back(Quantile(0.01));
    statistics.q99.push_back(Quantile(0.99));
    statistics.count = std::max(statistics.count, count_);
  }

  bool empty() const { return count_ == 0; }

 private:
  double Quantile(double share) const {
    const double at = share * static_cast<double>(sorted_.size() - 1);
    const auto below = static_cast<size_t>(at);
    const double fraction = at - static_cast<double>(below);
    const double next = sorted_[std::min(below + 1, sorted_.size() - 1)];
    return sorted_[below] + fraction * (next - sorted_[below]);
  }

  int64_t stride_, count_ = 0;
  double min_ = std::numeric_limits<double>::infinity(), max_ = -min_, mean_ = 0, squares_ = 0;
  std::vector<float> sorted_;
};

void AddRows(const std::vector<float>& values_LD, const RowMap& map, const std::string& feature,
             const BoundSource& source, int64_t episode, std::vector<Pool>& pools) {
  const size_t row_size = pools.size();
  for (size_t i = 0; i < values_LD.size(); ++i) {
    const size_t dimension = i % row_size;
    if (map.is_present()[dimension] == 0) continue;
    if (!std::isfinite(values_LD[i])) {
      ThrowInput("dimension " + std::to_string(dimension) + " of " + feature + " is not finite",
                 source.where() + ", episode " + std::to_string(episode) + ", frame " + std::to_string(i / row_size),
                 "leave the episode out (episodes), or mend the dataset");
    }
    pools[dimension].Add(values_LD[i]);
  }
}

int64_t StrideFor(const std::vector<BoundSource>& sources) {
  int64_t frames = 0;
  for (const BoundSource& source : sources) {
    for (const int64_t episode : SelectEpisodes(*source.source, EpisodeSet::kTraining)) {
      frames += source.LengthOf(episode);
    }
  }
  return std::max<int64_t>(1, (frames + kMaxSorted - 1) / kMaxSorted);
}

}  // namespace

contract::Statistics PoolStatistics(const Mixture& mixture) {
  std::vector<BoundSource> sources;
  for (const Source& source : mixture.sources) sources.emplace_back(source, mixture.layout);
  const int64_t stride = StrideFor(sources);
  std::vector<std::vector<Pool>> pools;
  for (const NumericLayout& feature : mixture.layout.numbers) {
    pools.emplace_back(static_cast<size_t>(feature.size()), Pool(stride));
  }
  const Vocabulary vocabulary(mixture.sources);
  for (const BoundSource& source : sources) {
    for (const int64_t episode : SelectEpisodes(*source.source, EpisodeSet::kTraining)) {
      const EpisodeRows rows = ReadEpisodeRows(source, mixture.layout, vocabulary, episode);
      for (size_t i = 0; i < pools.size(); ++i) {
        AddRows(rows.values[i], source.rows[i], mixture.layout.numbers[i].name, source, episode, pools[i]);
      }
    }
  }
  contract::Statistics statistics;
  for (size_t i = 0; i < pools.size(); ++i) {
    const std::string& name = mixture.layout.numbers[i].name;
    for (Pool& pool : pools[i]) {
      if (pool.empty()) {
        ThrowUsage("no training episode has " + name, "",
                   "hold out fewer episodes, or leave out the source that has it");
      }
      pool.AppendTo(statistics[name]);
    }
  }
  return statistics;
}

}  // namespace heddle::mixture
