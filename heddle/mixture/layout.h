// The layout of a mixture: which features its windows have, of which size, and what their numbers mean. Every source is
// fitted to it by a map (heddle/mixture/source.h), so that all rows of a batch have the same shapes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::mixture {

// What numbers mean decides how they are brought to another frame rate.
enum class Meaning {
  kAbsolute,        // a quantity at a time (position, velocity, force): interpolated linearly
  kDelta,           // a change over the step that begins at the row: summed over the step, steps' parts in proportion
  kQuaternionXyzw,  // an orientation, 4 numbers: on the sphere, along the shorter way; comes out normalised
  kQuaternionWxyz,
  kHeld,     // holds until the next row (a switch, a gripper command, a counter): the last row's value
  kUnknown,  // a source at another rate is refused
};
const char* MeaningName(Meaning meaning);  // "absolute", "delta", "quaternion_xyzw", ...

// Neighbouring dimensions of a feature.
struct Slot {
  std::string name;  // "joints", "gripper"; unique in its feature
  int64_t size = 0;
  Meaning meaning = Meaning::kUnknown;
};

// Numbers, float32 in windows: slot after slot.
struct NumericLayout {
  std::string name;  // "observation.state"
  std::vector<Slot> slots;

  int64_t size() const;
};

// How a picture comes to its size.
enum class Fit {
  kStretch,  // the whole picture, its sides scaled apart
  kCover,    // scaled until it covers the size; what sticks out of the middle is cut off
  kContain,  // scaled until it fits inside; black bars around it
};

// uint8 [height, width, 3] in windows.
struct CameraLayout {
  std::string name;  // "observation.images.front"
  int64_t height = 0, width = 0;
  Fit fit = Fit::kStretch;
};

// Which times a window holds, per feature, in seconds relative to its frame; a feature that is not named here is taken
// at its frame (T = 1). Times are multiples of 1 / control_hz.
struct WindowSpec {
  double control_hz = 0;
  std::map<std::string, std::vector<double>> deltas_s;
  double tolerance_s = 1e-4;
  int64_t drop_last_frames = 0;  // no window begins at an episode's last so many frames
};

struct Layout {
  std::vector<NumericLayout> numbers;
  std::vector<CameraLayout> cameras;
  WindowSpec window;

  // Usage error: a size or rate that is not positive, a name twice, a quaternion without 4 numbers, deltas for a
  // feature that is not there or that are no multiple of the step.
  void Check() const;
  // The feature's deltas in steps of 1 / control_hz.
  std::vector<int64_t> Steps(std::string_view feature) const;
};

}  // namespace heddle::mixture
