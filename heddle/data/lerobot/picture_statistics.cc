#include "heddle/data/lerobot/picture_statistics.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/lerobot/statistics.h"

namespace heddle::data {
namespace {

constexpr size_t kLevels = 256;
constexpr int64_t kBins = 5000;

// Values of depth, in two passes: extremes and sums, then bins between the extremes.
class DepthSummary {
 public:
  void AddToSums(std::span<const float> values) {
    for (const float value : values) {
      min_ = std::min(min_, static_cast<double>(value));
      max_ = std::max(max_, static_cast<double>(value));
      sum_ += static_cast<double>(value);
      squares_ += static_cast<double>(value) * static_cast<double>(value);
    }
    n_ += std::ssize(values);
  }

  void AddToBins(std::span<const float> values) {
    for (const float value : values) {
      const double share = (static_cast<double>(value) - low()) / (high() - low());
      const auto bin = static_cast<int64_t>(share * static_cast<double>(kBins));
      ++bins_[static_cast<size_t>(std::clamp<int64_t>(bin, 0, kBins - 1))];
    }
  }

  contract::FeatureStatistics Statistics(int64_t num_frames) const {
    const double mean = sum_ / static_cast<double>(n_);
    const double variance = std::max(0.0, squares_ / static_cast<double>(n_) - mean * mean);
    contract::FeatureStatistics statistics;
    statistics.min = {min_};
    statistics.max = {max_};
    statistics.mean = {mean};
    statistics.std = {min_ == max_ ? 0 : std::sqrt(variance)};
    statistics.q01 = {Quantile(0.01)};
    statistics.q10 = {Quantile(0.10)};
    statistics.q50 = {Quantile(0.50)};
    statistics.q90 = {Quantile(0.90)};
    statistics.q99 = {Quantile(0.99)};
    statistics.count = num_frames;
    return statistics;
  }

 private:
  double low() const { return min_ - 1e-10; }
  double high() const { return max_ + 1e-10; }

  double Quantile(double share) const {
    if (min_ == max_) return min_;
    const double target = share * static_cast<double>(n_);
    const double width = (high() - low()) / static_cast<double>(kBins);
    int64_t before = 0;
    for (size_t bin = 0; bin < bins_.size(); ++bin) {
      if (static_cast<double>(before + bins_[bin]) >= target && bins_[bin] > 0) {
        const double inside = (target - static_cast<double>(before)) / static_cast<double>(bins_[bin]);
        return std::clamp(low() + (static_cast<double>(bin) + inside) * width, min_, max_);
      }
      before += bins_[bin];
    }
    return max_;
  }

  double min_ = HUGE_VAL, max_ = -HUGE_VAL, sum_ = 0, squares_ = 0;
  int64_t n_ = 0;
  std::vector<int64_t> bins_ = std::vector<int64_t>(kBins, 0);
};

}  // namespace

PictureStatistics::PictureStatistics(const std::filesystem::path& scratch, int64_t height, int64_t width,
                                     int64_t channels)
    : scratch_(scratch),
      height_(height),
      width_(width),
      channels_(channels),
      stride_(PictureStride(height, width)),
      file_(std::fopen(scratch.c_str(), "w+b")) {
  if (!file_) Fail("cannot make this scratch file");
}

PictureStatistics::~PictureStatistics() {
  file_.reset();
  std::error_code ignored;
  std::filesystem::remove(scratch_, ignored);
}

void PictureStatistics::Fail(const char* what) const { ThrowSystem(what, scratch_.string(), errno); }

void PictureStatistics::AddLevels(std::span<const uint8_t> pixels) {
  HEDDLE_DEMAND(std::ssize(pixels) == height_ * width_ * channels_);
  const auto channels = static_cast<size_t>(channels_);
  counts_.assign(channels * kLevels, 0);
  for (int64_t y = 0; y < height_; y += stride_) {
    for (int64_t x = 0; x < width_; x += stride_) {
      const uint8_t* pixel = &pixels[static_cast<size_t>((y * width_ + x) * channels_)];
      for (size_t c = 0; c < channels; ++c) ++counts_[c * kLevels + pixel[c]];
    }
  }
  WriteRecord(counts_.data(), counts_.size() * sizeof(uint32_t));
}

void PictureStatistics::AddDepth(std::span<const float> values) {
  HEDDLE_DEMAND(std::ssize(values) == height_ * width_);
  is_depth_ = true;
  thinned_.clear();
  for (int64_t y = 0; y < height_; y += stride_) {
    for (int64_t x = 0; x < width_; x += stride_) thinned_.push_back(values[static_cast<size_t>(y * width_ + x)]);
  }
  WriteRecord(thinned_.data(), thinned_.size() * sizeof(float));
}

void PictureStatistics::WriteRecord(const void* bytes, size_t size) {
  HEDDLE_DEMAND(num_frames_ == 0 || size == record_bytes_);
  record_bytes_ = size;
  if (std::fwrite(bytes, 1, size, file_.get()) != size) Fail("cannot write this scratch file");
  ++num_frames_;
}

void PictureStatistics::ReadRecord(int64_t frame, void* bytes, size_t size) {
  const auto offset = static_cast<off_t>(frame) * static_cast<off_t>(size);
  if (fseeko(file_.get(), offset, SEEK_SET) != 0 || std::fread(bytes, 1, size, file_.get()) != size) {
    Fail("cannot read this scratch file back");
  }
}

contract::FeatureStatistics PictureStatistics::Finish() {
  HEDDLE_DEMAND(num_frames_ > 0);
  if (std::fflush(file_.get()) != 0) Fail("cannot write this scratch file");
  return is_depth_ ? FinishDepth() : FinishLevels();
}

contract::FeatureStatistics PictureStatistics::FinishLevels() {
  const std::vector<int64_t> frames = SampledFrames(num_frames_);
  std::vector<LevelCounts> totals(static_cast<size_t>(channels_), LevelCounts{});
  for (const int64_t frame : frames) {
    ReadRecord(frame, counts_.data(), record_bytes_);
    for (size_t c = 0; c < totals.size(); ++c) {
      for (size_t level = 0; level < kLevels; ++level) totals[c][level] += counts_[c * kLevels + level];
    }
  }
  return LevelStatistics(totals, std::ssize(frames));
}

contract::FeatureStatistics PictureStatistics::FinishDepth() {
  const std::vector<int64_t> frames = SampledFrames(num_frames_);
  DepthSummary summary;
  for (const bool into_bins : {false, true}) {
    for (const int64_t frame : frames) {
      ReadRecord(frame, thinned_.data(), record_bytes_);
      into_bins ? summary.AddToBins(thinned_) : summary.AddToSums(thinned_);
    }
  }
  return summary.Statistics(std::ssize(frames));
}

}  // namespace heddle::data
