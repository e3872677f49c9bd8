// Plain TIFF files of one channel, as depth pictures are stored: uncompressed strips of 8, 16 or 32 bits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "heddle/data/video/image.h"

namespace heddle::data {

bool IsTiff(std::string_view file_bytes);

// Nothing if the file is a TIFF of another make (compressed, tiled, of several channels): FFmpeg may know it. kInput
// with `place` if it is of this make and broken.
std::optional<DepthImage> DecodePlainTiff(std::string_view file_bytes, const std::string& place);

}  // namespace heddle::data
