#include "heddle/mixture/timeline.h"

#include <cmath>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

constexpr double kSnap = 1e-6;

}  // namespace

Timeline::Timeline(double fps, double control_hz) : stride_(fps / control_hz) {
  const bool positive = fps > 0 && control_hz > 0;
  if (!positive || !(stride_ >= 1e-3 && stride_ <= 1e3)) {
    ThrowUsage(
        "a dataset of " + FormatDouble(fps) + " frames/s can't be brought to " + FormatDouble(control_hz) + " Hz",
        "control_hz");
  }
  same_rate_ = std::abs(stride_ - 1) <= 1e-9;
  if (same_rate_) stride_ = 1;
}

int64_t Timeline::LengthOf(int64_t dataset_length) const {
  if (same_rate_ || dataset_length <= 0) return dataset_length;
  return static_cast<int64_t>(std::floor((static_cast<double>(dataset_length - 1) + kSnap) / stride_)) + 1;
}

double Timeline::PositionOf(int64_t frame) const {
  const double position = static_cast<double>(frame) * stride_;
  const double whole = std::round(position);
  return std::abs(position - whole) <= kSnap ? whole : position;
}

int64_t Timeline::NearestTo(int64_t frame) const {
  return static_cast<int64_t>(std::ceil(PositionOf(frame) - 0.5 - kSnap));
}

int64_t Timeline::LastBefore(int64_t frame) const { return static_cast<int64_t>(std::floor(PositionOf(frame))); }

}  // namespace heddle::mixture
