// Which numbers of a latent an objective looks at.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::align {

// A half-open range [first, past the last]; empty for all.
using Dimensions = std::vector<int64_t>;

inline constexpr const char* kDimensionsDoc =
    "which numbers of the latent: the first, and the one after the last; empty for all";

// kUsage, naming the key, unless it is empty or two numbers with 0 <= first < past <= latent_size.
void CheckDimensions(const Dimensions& dimensions, int64_t latent_size, const std::string& key);

int64_t NumDimensions(const Dimensions& dimensions, int64_t latent_size);

at::Tensor Chosen(const at::Tensor& z_BD, const Dimensions& dimensions);

}  // namespace heddle::align
