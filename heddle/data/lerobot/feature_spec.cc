#include "heddle/data/lerobot/feature_spec.h"

#include <algorithm>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

constexpr int64_t kMostDimensions = 8, kLargestDimension = int64_t{1} << 31, kMostValues = int64_t{1} << 33;

contract::Shape ParseShape(const JsonFields& spec) {
  const auto& json = spec.Require("shape");
  if (!json.is_array() || json.size() > kMostDimensions) spec.Fail("shape", "must be a list of at most 8 sizes");
  contract::Shape shape;
  int64_t values = 1;
  for (const auto& size : json) {
    const bool whole = size.is_number_integer() && size.get<int64_t>() >= 0 && size.get<int64_t>() < kLargestDimension;
    if (!whole) spec.Fail("shape", "holds a size that is not a whole number from 0 to 2^31: " + size.dump());
    shape.push_back(size.get<int64_t>());
    if (shape.back() > 0 && values > kMostValues / shape.back()) spec.Fail("shape", "holds too many values");
    values *= std::max<int64_t>(shape.back(), 1);
  }
  return shape;
}

void Flatten(const nlohmann::ordered_json& json, std::vector<std::string>& names) {
  if (json.is_string()) {
    names.push_back(json.get<std::string>());
  } else if (json.is_structured()) {
    for (const auto& item : json) Flatten(item, names);
  }
}

std::vector<std::string> ParseNames(const JsonFields& spec) {
  std::vector<std::string> names;
  if (const auto* json = spec.Find("names")) Flatten(*json, names);
  return names;
}

// [H, W, C] or [C, H, W]: the names say which, else the channels are the end that is 1, 3 or 4.
bool ChannelsFirst(const contract::Shape& shape, const std::vector<std::string>& names) {
  if (names.size() == shape.size()) {
    const auto is_channels = [](const std::string& name) { return name == "channel" || name == "channels"; };
    if (is_channels(names.front())) return true;
    if (is_channels(names.back())) return false;
  }
  const auto fits = [](int64_t size) { return size == 1 || size == 3 || size == 4; };
  return fits(shape.front()) && (!fits(shape.back()) || shape.front() < shape.back());
}

// The encoder's facts: `info`, `video_info` (older), or both.
const nlohmann::ordered_json* FindInCameraInfo(const JsonFields& spec, const std::string& key) {
  for (const char* block : {"info", "video_info"}) {
    const auto* facts = spec.Find(block);
    if (facts && facts->is_object() && facts->contains(key) && !facts->at(key).is_null()) return &facts->at(key);
  }
  return nullptr;
}

std::optional<DepthCoding> ParseDepth(const JsonFields& spec) {
  bool depth = false;
  for (const char* key : {"is_depth_map", "video.is_depth_map"}) {
    const auto* flag = FindInCameraInfo(spec, key);
    depth = depth || (flag && flag->is_boolean() && flag->get<bool>());
  }
  if (!depth) return std::nullopt;
  DepthCoding coding;
  const auto read = [&](const char* key, double& value) {
    const auto* json = FindInCameraInfo(spec, key);
    if (json && json->is_number()) value = json->get<double>();
  };
  read("video.depth_min", coding.min_m);
  read("video.depth_max", coding.max_m);
  read("video.shift", coding.shift_m);
  if (const auto* flag = FindInCameraInfo(spec, "video.use_log"); flag && flag->is_boolean()) {
    coding.logarithmic = flag->get<bool>();
  }
  const bool possible = coding.max_m > coding.min_m && (!coding.logarithmic || coding.min_m + coding.shift_m > 0);
  if (!possible) spec.Fail("info", "gives a range of depth that is no range");
  return coding;
}

void ParseCamera(const JsonFields& spec, Feature& feature) {
  if (feature.shape.size() == 2) feature.shape.push_back(1);
  if (feature.shape.size() != 3) {
    spec.Fail("shape", "must be [height, width, channels] for pictures, and is " + contract::ShapeText(feature.shape));
  }
  const bool first = ChannelsFirst(feature.shape, feature.names);
  feature.channels = feature.shape[first ? 0 : 2];
  feature.height = feature.shape[first ? 1 : 0];
  feature.width = feature.shape[first ? 2 : 1];
  constexpr int64_t kLargestSide = 1 << 15;
  if (std::min({feature.channels, feature.height, feature.width}) < 1 || feature.channels > 4 ||
      std::max(feature.height, feature.width) > kLargestSide) {
    spec.Fail("shape", "is no size of a picture: " + contract::ShapeText(feature.shape));
  }
  feature.depth = ParseDepth(spec);
  const auto* unit = FindInCameraInfo(spec, "depth_unit");
  if (unit && *unit == "m") feature.depth_unit_mm = 1000;
  feature.names.clear();
}

}  // namespace

Feature ParseFeature(const std::string& name, const JsonFields& spec) {
  if (name.empty() || name.find('/') != std::string::npos || name.find('\0') != std::string::npos || name == "." ||
      name == "..") {
    spec.Fail("", "the name of a feature must not be empty, a dot or hold '/'");
  }
  Feature feature;
  feature.name = name;
  const std::string dtype = spec.Text("dtype");
  feature.shape = ParseShape(spec);
  feature.names = ParseNames(spec);
  if (dtype == "video" || dtype == "image") {
    feature.kind = dtype == "video" ? FeatureKind::kVideo : FeatureKind::kImage;
    ParseCamera(spec, feature);
    return feature;
  }
  if (dtype == "string") {
    feature.kind = FeatureKind::kText;
  } else if (dtype == "language") {
    feature.kind = FeatureKind::kLanguage;
  } else if (const auto number = contract::DTypeFromName(dtype)) {
    feature.dtype = *number;
  } else {
    spec.Fail("dtype", "is no type that is known: '" + dtype + "'",
              "numpy's names (float32, int64, bool, ...), string, image, video or language");
  }
  const int64_t last = feature.shape.empty() ? 1 : feature.shape.back();
  if (static_cast<int64_t>(feature.names.size()) != last) feature.names.clear();
  return feature;
}

}  // namespace heddle::data
