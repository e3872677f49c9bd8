#include "heddle/align/dimensions.h"

#include <ATen/ATen.h>

#include "heddle/core/error.h"

namespace heddle::align {

void CheckDimensions(const Dimensions& dimensions, int64_t latent_size, const std::string& key) {
  if (dimensions.empty()) return;
  const bool is_range =
      dimensions.size() == 2 && 0 <= dimensions[0] && dimensions[0] < dimensions[1] && dimensions[1] <= latent_size;
  if (is_range) return;
  ThrowUsage("no range of the latent's " + std::to_string(latent_size) + " dimensions", key + ".dimensions",
             "give [first, one past the last], say [0, " + std::to_string(latent_size) + "], or [] for all");
}

int64_t NumDimensions(const Dimensions& dimensions, int64_t latent_size) {
  return dimensions.empty() ? latent_size : dimensions[1] - dimensions[0];
}

at::Tensor Chosen(const at::Tensor& z_BD, const Dimensions& dimensions) {
  return dimensions.empty() ? z_BD : z_BD.narrow(1, dimensions[0], dimensions[1] - dimensions[0]);
}

}  // namespace heddle::align
