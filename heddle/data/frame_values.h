// What a recorder hands over for one frame: a value for each feature that the dataset declares, and the task.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/data/video/image.h"

namespace heddle::data {

struct FrameValues {
  // Numeric features, of the declared type, or float64 for float32 and the other way round; the declared
  // shape, or [] for [1].
  std::map<std::string, contract::Array> numbers;
  std::map<std::string, std::string> texts;
  // RGB pictures of video features, and of image features, which become PNG.
  std::map<std::string, Image> images;
  // Image features as the bytes of a PNG, JPEG or TIFF file, kept as they are.
  std::map<std::string, std::string> image_files;
  // Depth videos: either values in the feature's unit (info.depth_unit: millimetres, or metres), or 12-bit codes.
  std::map<std::string, DepthImage> depths;
  std::map<std::string, std::vector<uint16_t>> depth_codes;
  // Language columns: the rows of this frame, a list of objects.
  std::map<std::string, nlohmann::ordered_json> language;
  // The instruction at this frame; it may change inside an episode.
  std::string task;
};

}  // namespace heddle::data
