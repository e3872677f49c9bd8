// Pictures as features of a small convolutional net that is never trained: its weights are drawn once, from a fixed
// seed.
//
// [32, 32, 3] in 0 .. 1 -> 5x5, stride 2, 16 channels -> 3x3, stride 2, 24 channels -> mean and largest over each
// quarter: 192 numbers. Random filters answer to edges, colours and textures; what two domains' features differ by is
// what a net sees before it has learned anything.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/picture_encoder.h"

namespace heddle::mixture {

class PictureFeatures final : public PictureEncoder {
 public:
  static constexpr int64_t kSide = 32;
  static constexpr int64_t kSize = 192;

  PictureFeatures();
  int64_t side() const override { return kSide; }
  std::string name() const override { return "random features"; }
  std::vector<double> operator()(std::span<const uint8_t> picture) const override;

 private:
  std::vector<float> first_, second_;  // [channels, size, size, channels before]
};

// How far two sets of features lie apart:
//   (|mean A - mean B|^2 - chance) / (1/2 (|mean A - grey|^2 + |mean B - grey|^2)),   not below 0,
// chance being what the means of so few episodes differ by, and grey the features of a flat grey picture. 0 for equal
// sets, 2 where what the means show beyond grey has nothing in common. The spread within a set would be no measure: a
// camera that stands still shows nearly the same picture all the time.
struct FeatureSet {
  std::vector<std::vector<std::vector<double>>> episodes;  // episode -> picture -> features
};
double FeatureDistance(const FeatureSet& a, const FeatureSet& b, const std::vector<double>& grey);

}  // namespace heddle::mixture
