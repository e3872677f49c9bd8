#include "heddle/mixture/sample_order.h"

#include <algorithm>
#include <numeric>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/mixture/permutation.h"

namespace heddle::mixture {
namespace {

std::vector<double> WeightsOf(const std::vector<SourceWindows>& sources) {
  std::vector<double> weights;
  for (const SourceWindows& source : sources) weights.push_back(source.weight);
  return weights;
}

void CheckRanks(const OrderOptions& options) {
  if (options.ranks < 1 || options.rank < 0 || options.rank >= options.ranks) {
    ThrowUsage("there is no rank " + std::to_string(options.rank) + " of " + std::to_string(options.ranks), "rank");
  }
  if (options.batch_size % options.ranks != 0) {
    ThrowUsage("a batch of " + std::to_string(options.batch_size) + " rows can't be shared evenly by " +
                   std::to_string(options.ranks) + " ranks",
               "batch_size", "give a multiple of the number of ranks");
  }
}

// The finaliser of MurmurHash3: every bit of the input reaches every bit of the output.
uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdULL;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

}  // namespace

SampleOrder::SampleOrder(std::vector<SourceWindows> sources, const OrderOptions& options)
    : sources_(std::move(sources)),
      options_(options),
      random_(options.seed, "mixture.order"),
      shares_(WeightsOf(sources_), options.batch_size, random_.Split("phase").NextBits32()) {
  CheckRanks(options);
  for (const SourceWindows& source : sources_) {
    HEDDLE_DEMAND(source.episodes.size() == source.windows.size());
    std::vector<int64_t> ends(source.windows.size());
    std::partial_sum(source.windows.begin(), source.windows.end(), ends.begin());
    if (source.weight > 0 && (ends.empty() || ends.back() == 0)) {
      ThrowUsage("the source has a weight and no windows", "source " + source.name,
                 "choose episodes that are not all held out, or give it weight 0");
    }
    ends_.push_back(std::move(ends));
  }
}

Sample SampleOrder::At(size_t source, int64_t window) const {
  const std::vector<int64_t>& ends = ends_[source];
  const auto i = static_cast<size_t>(std::ranges::upper_bound(ends, window) - ends.begin());
  const int64_t first = i == 0 ? 0 : ends[i - 1];
  return {static_cast<int32_t>(source), sources_[source].episodes[i], window - first};
}

std::vector<Sample> SampleOrder::Stratified(int64_t step) const {
  const std::vector<int64_t> rows = shares_.Of(step);
  std::vector<Sample> samples;
  for (size_t source = 0; source < rows.size(); ++source) {
    if (rows[source] == 0) continue;
    const RandomStream passes = random_.Split("pass").Split(sources_[source].name);
    const auto windows = static_cast<uint64_t>(num_windows(source));
    auto position = static_cast<uint64_t>(shares_.Before(source, step));
    for (int64_t left = rows[source]; left > 0;) {
      const Permutation order(windows, passes.Split(position / windows).NextBits64());
      for (uint64_t i = position % windows; i < windows && left > 0; ++i, --left, ++position) {
        samples.push_back(At(source, static_cast<int64_t>(order(i))));
      }
    }
  }
  return samples;
}

std::vector<Sample> SampleOrder::Drawn(int64_t step) const {
  RandomStream random = random_.Split("drawn").Split(static_cast<uint64_t>(step));
  const std::vector<double> weights = WeightsOf(sources_);
  std::vector<double> sums(weights.size());
  std::partial_sum(weights.begin(), weights.end(), sums.begin());
  std::vector<Sample> samples;
  for (int64_t row = 0; row < options_.batch_size; ++row) {
    const double at = random.Uniform() * sums.back();
    size_t source = 0;
    while (sums[source] <= at) ++source;
    const uint64_t window = random.Below(static_cast<uint64_t>(num_windows(source)));
    samples.push_back(At(source, static_cast<int64_t>(window)));
  }
  return samples;
}

std::vector<Sample> SampleOrder::Step(int64_t step) const {
  HEDDLE_DEMAND(step >= 0);
  std::vector<Sample> all = options_.drawing == Drawing::kStratified ? Stratified(step) : Drawn(step);
  HEDDLE_DEMAND(static_cast<int64_t>(all.size()) == options_.batch_size);
  if (options_.ranks == 1) return all;
  std::vector<Sample> mine;
  for (auto row = static_cast<size_t>(options_.rank); row < all.size(); row += static_cast<size_t>(options_.ranks)) {
    mine.push_back(all[row]);
  }
  return mine;
}

double SampleOrder::Passes(size_t source, int64_t step) const {
  const auto windows = static_cast<double>(num_windows(source));
  if (windows == 0) return 0;
  if (options_.drawing == Drawing::kStratified) return static_cast<double>(shares_.Before(source, step)) / windows;
  const std::vector<double> weights = WeightsOf(sources_);
  const double share = weights[source] / std::accumulate(weights.begin(), weights.end(), 0.0);
  return share * static_cast<double>(step) * static_cast<double>(options_.batch_size) / windows;
}

uint64_t HashOf(const std::vector<Sample>& samples, const std::vector<int32_t>& domains) {
  uint64_t sum = 0;
  for (const Sample& sample : samples) {
    uint64_t mixed = Mix(static_cast<uint64_t>(domains[static_cast<size_t>(sample.source)]) + 1);
    mixed = Mix(mixed ^ static_cast<uint64_t>(sample.episode));
    sum += Mix(mixed ^ Mix(static_cast<uint64_t>(sample.frame)));
  }
  return sum;
}

uint64_t RollHash(uint64_t rolling, uint64_t step_hash) { return Mix(rolling * 3 + step_hash + 1); }

}  // namespace heddle::mixture
