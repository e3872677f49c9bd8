// Single pictures in files: PNG, JPEG, TIFF in; PNG out.
#pragma once

#include <string>
#include <string_view>

#include "heddle/data/video/image.h"

namespace heddle::data {

// 8-bit pictures as RGB (grey is repeated, alpha dropped). kInput with `place` if it can't be decoded, whole.
Image DecodeImage(std::string_view file_bytes, const std::string& place);
// One channel of 8, 16 or 32 bits, integer or float, as numbers.
DepthImage DecodeDepthImage(std::string_view file_bytes, const std::string& place);

// Lossless, the same bytes for the same picture.
std::string EncodePng(const Image& image);

}  // namespace heddle::data
