// What turns a picture into features, to hold two sources' pictures against each other without training.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace heddle::mixture {

class PictureEncoder {
 public:
  virtual ~PictureEncoder() = default;

  virtual int64_t side() const = 0;      // of its pictures, in pixels
  virtual std::string name() const = 0;  // "random features", "features of encoder.pt"
  // RGB of side x side, row by row.
  virtual std::vector<double> operator()(std::span<const uint8_t> picture) const = 0;
};

// A TorchScript module `forward(self, pictures: Tensor) -> Tensor`: float32 [1, 3, side, side] in 0 .. 1 to [1, ...].
// kInput, naming the file, where it is none, and at its first picture where forward fails.
std::shared_ptr<PictureEncoder> LoadPictureEncoder(const std::string& file, int64_t side);

}  // namespace heddle::mixture
