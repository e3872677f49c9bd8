#include "heddle/sim/sensor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "heddle/core/check.h"
#include "heddle/data/video/image_codec.h"
#include "heddle/data/video/jpeg.h"

namespace heddle::sim {
namespace {

constexpr double kBlurHeight = 84;  // of the picture for which the blur is given

uint8_t Level(float value) { return static_cast<uint8_t>(std::clamp(std::nearbyint(value), 0.0F, 255.0F)); }

// Of a Gaussian, from its middle on; in all they sum to 1.
std::vector<float> BlurWeights(double deviation) {
  std::vector<double> weights;
  double sum = 0;
  for (int i = 0; i <= std::ceil(3 * deviation); ++i) {
    weights.push_back(std::exp(-0.5 * i * i / (deviation * deviation)));
    sum += (i == 0 ? 1 : 2) * weights.back();
  }
  std::vector<float> scaled;
  for (const double weight : weights) scaled.push_back(static_cast<float>(weight / sum));
  return scaled;
}

// Along rows or columns: `count` values `stride` apart. Beyond the edge stands the edge.
void BlurLine(const uint8_t* from, uint8_t* to, int64_t count, int64_t stride, const std::vector<float>& weights) {
  for (int64_t i = 0; i < count; ++i) {
    float sum = weights[0] * from[i * stride];
    for (int64_t k = 1; k < static_cast<int64_t>(weights.size()); ++k) {
      const int64_t before = std::max<int64_t>(i - k, 0), after = std::min(i + k, count - 1);
      sum += weights[static_cast<size_t>(k)] * static_cast<float>(from[before * stride] + from[after * stride]);
    }
    to[i * stride] = Level(sum);
  }
}

}  // namespace

void Sensor::Apply(data::Image& image, RandomStream noise) {
  HEDDLE_DEMAND(image.channels == 3);
  if (gap_.sensor_blur_px != 0) Blur(image);
  if (gap_.sensor_noise != 0) AddNoise(image, noise);
  if (gap_.channels != 0) SwapChannels(image);
  if (gap_.sensor_jpeg_loss != 0) StoreAsJpeg(image);
}

void Sensor::Blur(data::Image& image) {
  const double deviation = gap_.sensor_blur_px * static_cast<double>(image.height) / kBlurHeight;
  const std::vector<float> weights = BlurWeights(deviation);
  const int64_t row = 3 * image.width;
  std::vector<uint8_t> between(image.pixels.size());
  for (int64_t y = 0; y < image.height; ++y) {
    for (int64_t c = 0; c < 3; ++c)
      BlurLine(&image.pixels[static_cast<size_t>(y * row + c)], &between[static_cast<size_t>(y * row + c)], image.width,
               3, weights);
  }
  for (size_t x = 0; x < static_cast<size_t>(row); ++x)
    BlurLine(&between[x], &image.pixels[x], image.height, row, weights);
}

void Sensor::AddNoise(data::Image& image, RandomStream& noise) {
  buffer_.resize(image.pixels.size());
  noise.FillNormal(buffer_);
  const auto deviation = static_cast<float>(gap_.sensor_noise);
  for (size_t i = 0; i < buffer_.size(); ++i)
    image.pixels[i] = Level(static_cast<float>(image.pixels[i]) + deviation * buffer_[i]);
}

void Sensor::SwapChannels(data::Image& image) const {
  const auto share = static_cast<float>(gap_.channels);
  for (size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
    uint8_t* pixel = &image.pixels[i];
    const float red = pixel[0], green = pixel[1], blue = pixel[2];
    pixel[0] = Level(red + share * (green - red));
    pixel[1] = Level(green + share * (blue - green));
    pixel[2] = Level(blue + share * (red - blue));
  }
}

void Sensor::StoreAsJpeg(data::Image& image) const {
  const int quality = std::clamp(static_cast<int>(std::lround(100 - gap_.sensor_jpeg_loss)), 1, 100);
  image = data::DecodeImage(data::EncodeJpeg(image, quality), "a rendered picture");
}

RandomStream SensorNoise(uint64_t episode_seed, const std::string& camera, int64_t step) {
  return RandomStream(episode_seed, "sensor").Split(camera).Split(static_cast<uint64_t>(step));
}

}  // namespace heddle::sim
