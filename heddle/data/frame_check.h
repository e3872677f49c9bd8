// Whether a frame is what its dataset declares, before anything of it is taken.
#pragma once

#include <map>
#include <string>

#include "heddle/data/frame_values.h"
#include "heddle/data/lerobot/info.h"

namespace heddle::data {

// The pictures of image features that came as files, decoded: their statistics are wanted too.
struct DecodedPictures {
  std::map<std::string, Image> images;
  std::map<std::string, DepthImage> depths;
};

// kInput, naming `frame` (e.g. "episode 3, frame 17") and the feature: a value for a feature that is not there or of
// another kind, one that is missing, of another type, shape or picture size, a number that is not finite, text that is
// not UTF-8, a picture's file that can't be decoded.
DecodedPictures CheckFrame(const DatasetInfo& info, const FrameValues& values, const std::string& frame);

}  // namespace heddle::data
