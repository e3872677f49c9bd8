// Pictures to the mixture's size: resized, cut or framed with bars as CameraLayout says.
//
// Bilinear with antialiasing. With s = (source's side) / (output's side) and r = max(1, s), output pixel x of an axis
// is centred at c = (x + 1/2) s and is the sum over source pixels i of
//   max(0, 1 - |i + 1/2 - c| / r), divided by the sum of these weights
// (the triangle filter, as Pillow's BILINEAR and torch's antialiased bilinear have it), vertically and then
// horizontally, with weights in units of 2^-14 and 7 bits behind the point between the two: at most 1 off the exact
// value. Integers throughout: the same bytes on every machine. A picture that has the size already is copied.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/mixture/layout.h"

namespace heddle::mixture {

// One axis: output pixel x is made of source pixels first[x] .. first[x] + taps.
struct AxisFilter {
  int64_t taps = 0;  // the same for all; weights that are not needed are 0
  std::vector<int32_t> first;
  std::vector<int16_t> weights;  // [size, taps], each row sums to 2^14
};

class Resizer {
 public:
  // Of source pictures of this size, 3 channels. Sizes are positive (DEMANDed).
  Resizer(int64_t source_height, int64_t source_width, const CameraLayout& camera);

  // From [source_height, source_width, 3] to [height, width, 3]. `scratch` is grown as needed; one a thread.
  void operator()(std::span<const uint8_t> source, std::span<uint8_t> out, std::vector<int16_t>& scratch) const;
  bool is_copy() const { return is_copy_; }

 private:
  void Vertical(const uint8_t* source, int64_t row, int16_t* line) const;
  void Horizontal(const int16_t* line, uint8_t* out) const;

  int64_t source_height_, source_width_, height_, width_;
  bool is_copy_ = false;
  int64_t top_ = 0, left_ = 0;  // of the picture inside the output
  AxisFilter rows_, columns_;
};

// Output pixels 0 .. size-1 of the source's span [from, from + length) of `source_size` pixels.
AxisFilter MakeAxisFilter(int64_t source_size, double from, double length, int64_t size);

}  // namespace heddle::mixture
