#include "heddle/mixture/sheet/picture_features.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/random.h"

namespace heddle::mixture {
namespace {

struct Plane {
  int64_t side = 0, channels = 0;
  std::vector<float> values;  // [side, side, channels]
};

struct Convolution {
  int64_t size, channels;
};
constexpr Convolution kFirst = {5, 16}, kSecond = {3, 24};
constexpr int64_t kStride = 2;

std::vector<float> DrawWeights(const Convolution& layer, int64_t channels_before, RandomStream random) {
  std::vector<float> weights(static_cast<size_t>(layer.channels * layer.size * layer.size * channels_before));
  random.FillNormal(weights);
  const float scale = std::sqrt(2.0f / static_cast<float>(layer.size * layer.size * channels_before));
  for (float& weight : weights) weight *= scale;
  return weights;
}

// Without padding, then max(0, .).
Plane Convolve(const Plane& in, const Convolution& layer, const std::vector<float>& weights) {
  Plane out{(in.side - layer.size) / kStride + 1, layer.channels, {}};
  out.values.reserve(static_cast<size_t>(out.side * out.side * out.channels));
  for (int64_t y = 0; y < out.side; ++y) {
    for (int64_t x = 0; x < out.side; ++x) {
      for (int64_t channel = 0; channel < layer.channels; ++channel) {
        float sum = 0;
        const float* weight = weights.data() + channel * layer.size * layer.size * in.channels;
        for (int64_t row = 0; row < layer.size; ++row) {
          const float* from = in.values.data() + ((y * kStride + row) * in.side + x * kStride) * in.channels;
          for (int64_t i = 0; i < layer.size * in.channels; ++i) sum += *weight++ * from[i];
        }
        out.values.push_back(std::max(0.0f, sum));
      }
    }
  }
  return out;
}

std::vector<double> Pool(const Plane& plane) {
  std::vector<double> features(static_cast<size_t>(4 * 2 * plane.channels));
  const double area = static_cast<double>(plane.side * plane.side) / 4;
  for (int64_t i = 0; i < static_cast<int64_t>(plane.values.size()); ++i) {
    const int64_t channel = i % plane.channels, place = i / plane.channels;
    const int64_t quarter = 2 * (2 * (place / plane.side) / plane.side) + 2 * (place % plane.side) / plane.side;
    const auto at = static_cast<size_t>((quarter * plane.channels + channel) * 2);
    const double value = plane.values[static_cast<size_t>(i)];
    features[at] += value / area;
    features[at + 1] = std::max(features[at + 1], value);
  }
  return features;
}

struct Means {
  std::vector<double> all;  // of the episodes' means
  double chance = 0;        // sum over features of the variance of `all`, episodes being independent
};

Means MeansOf(const FeatureSet& set) {
  const size_t size = set.episodes.at(0).at(0).size();
  const auto count = static_cast<double>(set.episodes.size());
  std::vector<std::vector<double>> means;
  Means result{std::vector<double>(size), 0};
  for (const auto& episode : set.episodes) {
    means.emplace_back(size, 0.0);
    for (const auto& picture : episode) {
      for (size_t i = 0; i < size; ++i) means.back()[i] += picture[i] / static_cast<double>(episode.size());
    }
    for (size_t i = 0; i < size; ++i) result.all[i] += means.back()[i] / count;
  }
  if (count < 2) return result;
  for (const auto& mean : means) {
    for (size_t i = 0; i < size; ++i) result.chance += std::pow(mean[i] - result.all[i], 2) / (count - 1) / count;
  }
  return result;
}

double SquaredDistance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace

PictureFeatures::PictureFeatures() {
  const RandomStream random(20'26, "mixture.picture-features");
  first_ = DrawWeights(kFirst, 3, random.Split("first"));
  second_ = DrawWeights(kSecond, kFirst.channels, random.Split("second"));
}

std::vector<double> PictureFeatures::operator()(std::span<const uint8_t> picture) const {
  HEDDLE_DEMAND(picture.size() == static_cast<size_t>(kSide * kSide * 3));
  Plane plane{kSide, 3, {}};
  for (const uint8_t value : picture) plane.values.push_back(static_cast<float>(value) / 255);
  std::vector<double> features = Pool(Convolve(Convolve(plane, kFirst, first_), kSecond, second_));
  HEDDLE_DEMAND(features.size() == static_cast<size_t>(kSize));
  return features;
}

double FeatureDistance(const FeatureSet& a, const FeatureSet& b, const std::vector<double>& grey) {
  const Means one = MeansOf(a), other = MeansOf(b);
  const double apart = SquaredDistance(one.all, other.all) - one.chance - other.chance;
  const double scale = (SquaredDistance(one.all, grey) + SquaredDistance(other.all, grey)) / 2;
  return apart <= 0 || scale <= 0 ? 0 : apart / scale;
}

}  // namespace heddle::mixture
