// What a camera's sensor makes of what is there: blur, noise, swapped channels, JPEG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/data/video/image.h"
#include "heddle/sim/gap.h"

namespace heddle::sim {

// Fixed in all but the noise, which is the stream's. For one thread at a time.
class Sensor {
 public:
  explicit Sensor(const VisualGap& gap) : gap_(gap) {}

  // An RGB picture, in place: the lens blurs, the pixels are noisy, then channels are swapped, then it is stored.
  // Without a gap the picture stays as it is.
  void Apply(data::Image& image, RandomStream noise);

 private:
  void Blur(data::Image& image);
  void AddNoise(data::Image& image, RandomStream& noise);
  void SwapChannels(data::Image& image) const;
  void StoreAsJpeg(data::Image& image) const;

  VisualGap gap_;
  std::vector<float> buffer_;
};

// The noise of one picture: of an episode, at a step, by a camera.
RandomStream SensorNoise(uint64_t episode_seed, const std::string& camera, int64_t step);

}  // namespace heddle::sim
