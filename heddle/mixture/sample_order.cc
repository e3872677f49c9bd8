#include "heddle/mixture/sample_order.h"

#include <algorithm>
#include <numeric>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/mixture/permutation.h"

namespace heddle::mixture {
namespace {

std::vector<WeightStage> StagesOf(const std::vector<SourceWindows>& sources, const OrderOptions& options) {
  std::vector<WeightStage> stages = options.stages;
  if (stages.empty()) {
    stages.emplace_back();
    for (const SourceWindows& source : sources) stages[0].weights.push_back(source.weight);
  }
  CheckStages(stages, sources.size());
  return stages;
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
      stages_(StagesOf(sources_, options)) {
  CheckRanks(options);
  const uint32_t phase = random_.Split("phase").NextBits32();
  for (const WeightStage& stage : stages_) shares_.emplace_back(stage.weights, options.batch_size, phase);
  for (const SourceWindows& source : sources_) {
    HEDDLE_DEMAND(source.episodes.size() == source.windows.size());
    std::vector<int64_t> ends(source.windows.size());
    std::partial_sum(source.windows.begin(), source.windows.end(), ends.begin());
    ends_.push_back(std::move(ends));
  }
  CheckWindows();
}

void SampleOrder::CheckWindows() const {
  for (size_t i = 0; i < sources_.size(); ++i) {
    const bool drawn = std::ranges::any_of(stages_, [i](const WeightStage& stage) { return stage.weights[i] > 0; });
    if (!drawn || num_windows(i) > 0) continue;
    ThrowUsage("the source has a weight and no windows", "source " + sources_[i].name,
               "choose episodes that are not all held out, or give it weight 0");
  }
}

size_t SampleOrder::StageAt(int64_t step) const {
  const auto after = std::ranges::upper_bound(stages_, step, {}, &WeightStage::first_step);
  return static_cast<size_t>(after - stages_.begin()) - 1;
}

int64_t SampleOrder::RowsBefore(size_t source, int64_t step) const {
  int64_t rows = 0;
  for (size_t i = 0; i < stages_.size() && stages_[i].first_step < step; ++i) {
    const int64_t end = i + 1 < stages_.size() ? std::min(step, stages_[i + 1].first_step) : step;
    rows += shares_[i].Before(source, end) - shares_[i].Before(source, stages_[i].first_step);
  }
  return rows;
}

std::vector<double> SampleOrder::WeightsAt(int64_t step) const {
  std::vector<double> weights = stages_[StageAt(step)].weights;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

Sample SampleOrder::At(size_t source, int64_t window) const {
  const std::vector<int64_t>& ends = ends_[source];
  const auto i = static_cast<size_t>(std::ranges::upper_bound(ends, window) - ends.begin());
  const int64_t first = i == 0 ? 0 : ends[i - 1];
  return {static_cast<int32_t>(source), sources_[source].episodes[i], window - first};
}

std::vector<Sample> SampleOrder::Stratified(int64_t step) const {
  const std::vector<int64_t> rows = shares_[StageAt(step)].Of(step);
  std::vector<Sample> samples;
  for (size_t source = 0; source < rows.size(); ++source) {
    if (rows[source] == 0) continue;
    const RandomStream passes = random_.Split("pass").Split(sources_[source].name);
    const auto windows = static_cast<uint64_t>(num_windows(source));
    auto position = static_cast<uint64_t>(RowsBefore(source, step));
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
  const std::vector<double>& weights = stages_[StageAt(step)].weights;
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
  if (options_.drawing == Drawing::kStratified) return static_cast<double>(RowsBefore(source, step)) / windows;
  double expected = 0;
  for (size_t i = 0; i < stages_.size() && stages_[i].first_step < step; ++i) {
    const int64_t end = i + 1 < stages_.size() ? std::min(step, stages_[i + 1].first_step) : step;
    expected += WeightsAt(stages_[i].first_step)[source] * static_cast<double>(end - stages_[i].first_step);
  }
  return expected * static_cast<double>(options_.batch_size) / windows;
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
