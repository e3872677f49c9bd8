#include "heddle/data/frame_check.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/data/lerobot/depth_codes.h"
#include "heddle/data/lerobot/language_column.h"
#include "heddle/data/video/image_codec.h"

namespace heddle::data {
namespace {

using contract::Array;
using contract::DType;

bool IsFloating(DType dtype) { return dtype == DType::kF16 || dtype == DType::kF32 || dtype == DType::kF64; }
bool Converts(DType from, DType to) {
  return from == to || (IsFloating(from) && from != DType::kF16 && IsFloating(to) && to != DType::kF16);
}

class Checker {
 public:
  Checker(const DatasetInfo& info, const FrameValues& values, const std::string& frame)
      : info_(info), values_(values), frame_(frame) {}

  DecodedPictures Check() {
    CheckKnown();
    for (const Feature& feature : info_.features) {
      if (!IsBookkeeping(feature.name)) CheckFeature(feature);
    }
    if (!IsUtf8(values_.task)) ThrowInput("the task is not UTF-8", frame_);
    return std::move(decoded_);
  }

 private:
  std::string Where(const std::string& feature) const { return frame_ + ", '" + feature + "'"; }

  template <class Map, class IsRight>
  void CheckNames(const Map& given, const char* what, IsRight is_right) const {
    for (const auto& [name, value] : given) {
      const Feature* feature = info_.Find(name);
      if (!feature) ThrowInput("the dataset has no such feature", Where(name), SuggestName(name, UserFeatures()));
      if (IsBookkeeping(name)) ThrowInput("this is filled in by the writer", Where(name), "leave it out");
      if (!is_right(*feature)) ThrowInput(std::string(what) + " given for a feature of another kind", Where(name));
    }
  }

  std::vector<std::string> UserFeatures() const {
    std::vector<std::string> names;
    for (const Feature& feature : info_.features) {
      if (!IsBookkeeping(feature.name)) names.push_back(feature.name);
    }
    return names;
  }

  void CheckKnown() const {
    using F = const Feature&;
    const auto of = [](FeatureKind kind) { return [kind](F feature) { return feature.kind == kind; }; };
    const auto depth_video = [](F feature) { return feature.kind == FeatureKind::kVideo && feature.depth; };
    CheckNames(values_.numbers, "numbers were", of(FeatureKind::kNumeric));
    CheckNames(values_.texts, "a text was", of(FeatureKind::kText));
    CheckNames(values_.images, "a picture was", [](F feature) { return feature.is_camera() && !feature.depth; });
    CheckNames(values_.image_files, "a picture's file was", of(FeatureKind::kImage));
    CheckNames(values_.depths, "depth was", depth_video);
    CheckNames(values_.depth_codes, "depth codes were", depth_video);
    CheckNames(values_.language, "annotations were", of(FeatureKind::kLanguage));
  }

  // Exactly one of the values that were found.
  void RequireOne(const Feature& feature, size_t found) const {
    if (found == 0) ThrowInput("the frame has no value for this feature", Where(feature.name));
    if (found > 1) ThrowInput("the frame has two values for this feature", Where(feature.name));
  }

  void CheckFeature(const Feature& feature) {
    const std::string& name = feature.name;
    switch (feature.kind) {
      case FeatureKind::kNumeric:
        RequireOne(feature, values_.numbers.count(name));
        return CheckNumbers(feature, values_.numbers.at(name));
      case FeatureKind::kText:
        RequireOne(feature, values_.texts.count(name));
        if (!IsUtf8(values_.texts.at(name))) ThrowInput("this text is not UTF-8", Where(name));
        return;
      case FeatureKind::kLanguage:
        RequireOne(feature, values_.language.count(name));
        return CheckLanguage(name, values_.language.at(name), Where(name));
      case FeatureKind::kImage:
        RequireOne(feature, values_.images.count(name) + values_.image_files.count(name));
        return CheckStill(feature);
      case FeatureKind::kVideo:
        if (feature.depth) return CheckDepth(feature);
        RequireOne(feature, values_.images.count(name));
        return CheckPicture(feature, values_.images.at(name));
    }
  }

  void CheckNumbers(const Feature& feature, const Array& array) const {
    const std::string where = Where(feature.name);
    if (!Converts(array.dtype(), feature.dtype)) {
      ThrowInput(std::string("is ") + contract::DTypeName(array.dtype()) + " where " +
                     contract::DTypeName(feature.dtype) + " is declared",
                 where);
    }
    if (array.shape() != feature.shape && array.shape() != feature.value_shape()) {
      ThrowInput("has the shape " + contract::ShapeText(array.shape()) + " where " +
                     contract::ShapeText(feature.shape) + " is declared",
                 where);
    }
    if (!IsFloating(array.dtype())) return;
    const bool narrow = feature.dtype == DType::kF32;
    for (int64_t i = 0; i < array.size(); ++i) {
      const double value = array.At(i);
      if (std::isfinite(narrow ? static_cast<double>(static_cast<float>(value)) : value)) continue;
      ThrowInput("value " + std::to_string(i) + " is " + FormatDouble(value) + ": not finite", where,
                 "leave the frame out, or mend the reading");
    }
  }

  void CheckSize(const Feature& feature, int64_t height, int64_t width, int64_t channels, size_t pixels) const {
    const std::vector<int64_t> size = {height, width, channels}, wanted = feature.value_shape();
    if (size != wanted || static_cast<int64_t>(pixels) != contract::NumItems(wanted)) {
      ThrowInput("is a picture of " + contract::ShapeText(size) + " with " + std::to_string(pixels) + " values where " +
                     contract::ShapeText(wanted) + " is declared",
                 Where(feature.name));
    }
  }

  void CheckPicture(const Feature& feature, const Image& image) const {
    CheckSize(feature, image.height, image.width, image.channels, image.pixels.size());
  }

  void CheckStill(const Feature& feature) {
    if (const auto image = values_.images.find(feature.name); image != values_.images.end()) {
      return CheckPicture(feature, image->second);
    }
    const std::string& file = values_.image_files.at(feature.name);
    if (feature.depth) {
      const DepthImage depth = DecodeDepthImage(file, Where(feature.name));
      CheckSize(feature, depth.height, depth.width, 1, depth.values.size());
      decoded_.depths[feature.name] = depth;
      return;
    }
    decoded_.images[feature.name] = DecodeImage(file, Where(feature.name));
    CheckPicture(feature, decoded_.images[feature.name]);
  }

  void CheckDepth(const Feature& feature) const {
    const std::string& name = feature.name;
    RequireOne(feature, values_.depths.count(name) + values_.depth_codes.count(name));
    if (const auto depth = values_.depths.find(name); depth != values_.depths.end()) {
      CheckSize(feature, depth->second.height, depth->second.width, 1, depth->second.values.size());
      const auto finite = [](float value) { return std::isfinite(value) && value >= 0; };
      if (!std::all_of(depth->second.values.begin(), depth->second.values.end(), finite)) {
        ThrowInput("holds a distance that is not finite or below 0", Where(name), "give 0 where nothing was measured");
      }
      return;
    }
    const std::vector<uint16_t>& codes = values_.depth_codes.at(name);
    CheckSize(feature, feature.height, feature.width, 1, codes.size());
    if (std::any_of(codes.begin(), codes.end(), [](uint16_t code) { return code > kLargestDepthCode; })) {
      ThrowInput("holds a code above 4095", Where(name));
    }
  }

  const DatasetInfo& info_;
  const FrameValues& values_;
  const std::string& frame_;
  DecodedPictures decoded_;
};

}  // namespace

DecodedPictures CheckFrame(const DatasetInfo& info, const FrameValues& values, const std::string& frame) {
  return Checker(info, values, frame).Check();
}

}  // namespace heddle::data
