// What a camera's sensor makes of what is there: blur, noise, swapped channels, JPEG.
#pragma once

#include <vector>

#include "heddle/core/random.h"
#include "heddle/data/video/image.h"
#include "heddle/sim/gap.h"

namespace heddle::sim {

// Fixed in all but the noise, which is the stream's. For one thread at a time.
class Sensor {
 public:
  explicit Sensor(const VisualGap& gap) : gap_(gap) {}

  // Whether it changes pictures at all.
  bool active() const;

  // An RGB picture, in place: the lens blurs, the pixels are noisy, then channels are swapped, then it is stored.
  void Apply(data::Image& image, RandomStream noise);

 private:
  void Blur(data::Image& image);
  void AddNoise(data::Image& image, RandomStream& noise);
  void SwapChannels(data::Image& image) const;
  void StoreAsJpeg(data::Image& image) const;

  VisualGap gap_;
  std::vector<float> buffer_;
};

}  // namespace heddle::sim
