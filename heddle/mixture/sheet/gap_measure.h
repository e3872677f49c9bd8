// One axis of the gap between a source and the target, as measured without training, and how it is measured.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/picture_encoder.h"
#include "heddle/mixture/sheet/sheet.h"

namespace heddle::mixture {

struct GapMeasure {
  GapAxis axis = GapAxis::kVisual;
  std::optional<double> value;  // nothing where it can't be measured
  std::optional<GapLevel> level;
  std::string how;  // what was compared, or why nothing could be
};

struct GapProbeOptions {
  int64_t episodes = 12;                    // of each source whose pictures are looked at, spread evenly
  int64_t pictures = 6;                     // of each of them
  int64_t regression_rows = 4000;           // of each half
  std::shared_ptr<PictureEncoder> encoder;  // of pictures; none: random features
};

inline constexpr double kSmallVisual = 0.02, kLargeVisual = 0.5;
inline constexpr double kSmallRatio = 1.2, kLargeRatio = 1.4;  // physics, and perception's actions
inline constexpr double kSmallNoise = 0.002, kLargeNoise = 0.02;

inline GapLevel LevelOf(double value, double small, double large) {
  return value >= large ? GapLevel::kLarge : value >= small ? GapLevel::kSmall : GapLevel::kNone;
}

// At most so many of the episodes, spread evenly.
inline std::vector<int64_t> Spread(const std::vector<int64_t>& episodes, int64_t most) {
  const auto count = static_cast<int64_t>(episodes.size());
  const int64_t chosen = std::min(count, most);
  std::vector<int64_t> spread;
  for (int64_t i = 0; i < chosen; ++i)
    spread.push_back(episodes[static_cast<size_t>((2 * i + 1) * count / (2 * chosen))]);
  return spread;
}

}  // namespace heddle::mixture
