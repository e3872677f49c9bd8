// The frames of an episode at the mixture's rate.
//
// Frame j of the mixture is at j / control_hz seconds; the dataset's frame i at i / fps. An episode of `length` frames
// has those j that lie at or before its last frame. Where the rates are equal (to 1e-9) nothing changes.
#pragma once

#include <cstdint>

namespace heddle::mixture {

class Timeline {
 public:
  // Usage error unless both rates are positive and finite and their ratio lies in 1/1000 .. 1000.
  Timeline(double fps, double control_hz);

  bool same_rate() const { return same_rate_; }
  // Dataset's frames a frame of the mixture: fps / control_hz.
  double stride() const { return stride_; }
  int64_t LengthOf(int64_t dataset_length) const;
  // Where frame j lies among the dataset's frames. Within 1e-6 of a whole number it is that number.
  double PositionOf(int64_t frame) const;
  // The dataset's frame that is shown at frame j: the nearest, of two the earlier one (nothing is seen before its
  // time).
  int64_t NearestTo(int64_t frame) const;
  // The dataset's last frame at or before frame j.
  int64_t LastBefore(int64_t frame) const;

 private:
  bool same_rate_;
  double stride_;
};

}  // namespace heddle::mixture
