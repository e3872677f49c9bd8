#include "heddle/data/lerobot/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "heddle/core/check.h"

namespace heddle::data {
namespace {

using contract::FeatureStatistics;

struct Quantile {
  std::vector<double> FeatureStatistics::* list;
  double share;
};

constexpr std::array<Quantile, 5> kQuantiles = {{{&FeatureStatistics::q01, 0.01},
                                                 {&FeatureStatistics::q10, 0.10},
                                                 {&FeatureStatistics::q50, 0.50},
                                                 {&FeatureStatistics::q90, 0.90},
                                                 {&FeatureStatistics::q99, 0.99}}};

// Where a quantile lies among n sorted values: between `low` and the next, `fraction` of the way.
struct Rank {
  int64_t low;
  double fraction;
};

Rank RankOf(double share, int64_t n) {
  const double position = share * static_cast<double>(n - 1);
  const double low = std::floor(position);
  return {static_cast<int64_t>(low), position - low};
}

double Between(double low, double high, double fraction) { return fraction == 0 ? low : low + (high - low) * fraction; }

void AddDimension(std::vector<double>& values, FeatureStatistics& out) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  out.min.push_back(values.front());
  out.max.push_back(values.back());
  out.mean.push_back(std::clamp(mean, values.front(), values.back()));
  out.std.push_back(values.front() == values.back() ? 0 : std::sqrt(squares / n));
  for (const auto& [list, share] : kQuantiles) {
    const auto [low, fraction] = RankOf(share, std::ssize(values));
    const auto at = static_cast<size_t>(low);
    (out.*list).push_back(Between(values[at], values[std::min(at + 1, values.size() - 1)], fraction));
  }
}

// The level of the sorted pixel of this rank.
double LevelAt(const LevelCounts& counts, int64_t rank) {
  int64_t before = 0;
  for (size_t level = 0; level < counts.size(); ++level) {
    before += counts[level];
    if (rank < before) return static_cast<double>(level);
  }
  return 255;
}

void AddChannel(const LevelCounts& counts, FeatureStatistics& out) {
  const int64_t pixels = std::accumulate(counts.begin(), counts.end(), int64_t{0});
  HEDDLE_DEMAND(pixels > 0);
  const auto n = static_cast<double>(pixels);
  double sum = 0, squares = 0;
  for (size_t level = 0; level < counts.size(); ++level) {
    sum += static_cast<double>(counts[level]) * static_cast<double>(level);
  }
  const double mean = sum / n;
  for (size_t level = 0; level < counts.size(); ++level) {
    const double apart = static_cast<double>(level) - mean;
    squares += static_cast<double>(counts[level]) * apart * apart;
  }
  out.min.push_back(LevelAt(counts, 0) / 255);
  out.max.push_back(LevelAt(counts, pixels - 1) / 255);
  out.mean.push_back(mean / 255);
  out.std.push_back(std::sqrt(squares / n) / 255);
  for (const auto& [list, share] : kQuantiles) {
    const auto [low, fraction] = RankOf(share, pixels);
    const double high = LevelAt(counts, std::min(low + 1, pixels - 1));
    (out.*list).push_back(Between(LevelAt(counts, low), high, fraction) / 255);
  }
}

void AddFeature(const FeatureStatistics& episode, FeatureStatistics& dataset) {
  HEDDLE_DEMAND(episode.mean.size() == dataset.mean.size());
  const auto n = static_cast<double>(dataset.count), m = static_cast<double>(episode.count);
  const auto weighted = [&](double a, double b) { return (a * n + b * m) / (n + m); };
  for (size_t i = 0; i < dataset.mean.size(); ++i) {
    const double mean = weighted(dataset.mean[i], episode.mean[i]);
    const double a = dataset.mean[i] - mean, b = episode.mean[i] - mean;
    const double var_a = dataset.std[i] * dataset.std[i] + a * a, var_b = episode.std[i] * episode.std[i] + b * b;
    dataset.min[i] = std::min(dataset.min[i], episode.min[i]);
    dataset.max[i] = std::max(dataset.max[i], episode.max[i]);
    dataset.mean[i] = mean;
    dataset.std[i] = std::sqrt(weighted(var_a, var_b));
  }
  for (const auto& [list, share] : kQuantiles) {
    auto& to = dataset.*list;
    const auto& from = episode.*list;
    if (from.size() != to.size()) to.clear();
    for (size_t i = 0; i < to.size(); ++i) to[i] = weighted(to[i], from[i]);
  }
  dataset.count += episode.count;
}

}  // namespace

FeatureStatistics NumberStatistics(const contract::Array& values) {
  HEDDLE_DEMAND(!values.shape().empty() && values.size() > 0);
  const int64_t size = values.shape().size() == 1 ? 1 : values.shape().back();
  FeatureStatistics statistics;
  std::vector<double> column(static_cast<size_t>(values.size() / size));
  for (int64_t dimension = 0; dimension < size; ++dimension) {
    for (int64_t i = 0; i < std::ssize(column); ++i) {
      column[static_cast<size_t>(i)] = values.At(i * size + dimension);
    }
    AddDimension(column, statistics);
  }
  statistics.count = values.shape()[0];
  return statistics;
}

FeatureStatistics LevelStatistics(std::span<const LevelCounts> channels, int64_t num_frames) {
  FeatureStatistics statistics;
  for (const LevelCounts& counts : channels) AddChannel(counts, statistics);
  statistics.count = num_frames;
  return statistics;
}

std::vector<int64_t> SampledFrames(int64_t length) {
  HEDDLE_DEMAND(length > 0);
  const auto by_power = static_cast<int64_t>(std::pow(static_cast<double>(length), 0.75));
  const int64_t n = std::max(std::min<int64_t>(100, length), std::min<int64_t>(by_power, 10000));
  std::vector<int64_t> frames;
  const double step = n > 1 ? static_cast<double>(length - 1) / static_cast<double>(n - 1) : 0;
  for (int64_t i = 0; i < n; ++i) {
    frames.push_back(static_cast<int64_t>(std::nearbyint(static_cast<double>(i) * step)));
  }
  return frames;
}

int64_t PictureStride(int64_t height, int64_t width) {
  constexpr int64_t kSmall = 300, kAim = 150;
  return std::max(height, width) < kSmall ? 1 : std::max(height, width) / kAim;
}

void AddStatistics(const contract::Statistics& episode, contract::Statistics& dataset) {
  for (const auto& [name, feature] : episode) {
    const auto [at, is_new] = dataset.try_emplace(name, feature);
    if (!is_new) AddFeature(feature, at->second);
  }
}

}  // namespace heddle::data
