#include "heddle/data/window_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "heddle/core/atomic_file.h"
#include "heddle/core/text.h"
#include "heddle/data/video/image_codec.h"

namespace heddle::data {
namespace {

using contract::Array;
using Json = nlohmann::ordered_json;

// [H, W, C] or [T, H, W, C].
struct PictureStack {
  int64_t count, height, width, channels;
  bool stacked;
};

PictureStack StackOf(const Array& array) {
  const auto& shape = array.shape();
  const bool stacked = shape.size() == 4;
  const size_t at = stacked ? 1 : 0;
  return {stacked ? shape[0] : 1, shape[at], shape[at + 1], shape[at + 2], stacked};
}

std::vector<double> ChannelMeans(const Array& array, const PictureStack& stack, int64_t t) {
  std::vector<double> sums(static_cast<size_t>(stack.channels));
  const int64_t pixels = stack.height * stack.width;
  for (int64_t i = 0; i < pixels * stack.channels; ++i) {
    sums[static_cast<size_t>(i % stack.channels)] += array.At(t * pixels * stack.channels + i);
  }
  for (double& sum : sums) sum /= static_cast<double>(pixels);
  return sums;
}

Json NumberOrText(double value) {
  if (std::isfinite(value)) return value;
  return FormatDouble(value);  // JSON has no NaN
}

// The shape's own nesting.
Json Nested(const Array& array, size_t level, int64_t& at) {
  if (level == array.shape().size()) {
    const double value = array.At(at++);
    if (array.dtype() == contract::DType::kBool) return value != 0;
    if (array.dtype() < contract::DType::kF16) return static_cast<int64_t>(value);
    return NumberOrText(value);
  }
  Json list = Json::array();
  for (int64_t i = 0; i < array.shape()[level]; ++i) list.push_back(Nested(array, level + 1, at));
  return list;
}

Json DescribePictures(const Array& array) {
  const PictureStack stack = StackOf(array);
  Json means = Json::array();
  for (int64_t t = 0; t < stack.count; ++t) means.push_back(ChannelMeans(array, stack, t));
  return {{"height", stack.height},
          {"width", stack.width},
          {"channels", stack.channels},
          {"channel_means", stack.stacked ? means : means[0]}};
}

std::string RowText(const Array& array, int64_t first, int64_t count) {
  std::string text;
  for (int64_t i = first; i < first + count; ++i) {
    char number[32];
    std::snprintf(number, sizeof number, "%10.4g", array.At(i));
    text += number;
  }
  return text;
}

std::string Marks(const std::vector<uint8_t>& is_pad, size_t t) { return t < is_pad.size() && is_pad[t] ? " pad" : ""; }

void AppendNumbers(const Array& array, const std::vector<uint8_t>& is_pad, bool stacked, std::string& text) {
  constexpr int64_t kMostShown = 64;
  const int64_t times = stacked ? array.shape()[0] : 1;
  const int64_t per_time = times == 0 ? 0 : array.size() / times;
  for (int64_t t = 0; t < times; ++t) {
    const int64_t shown = std::min(per_time, kMostShown);
    text += "  " + RowText(array, t * per_time, shown);
    if (shown < per_time) text += " ... (" + std::to_string(per_time) + " values)";
    text += Marks(is_pad, static_cast<size_t>(t)) + "\n";
  }
}

void AppendPictures(const Array& array, const std::vector<uint8_t>& is_pad, std::string& text) {
  const PictureStack stack = StackOf(array);
  for (int64_t t = 0; t < stack.count; ++t) {
    text += "  " + std::to_string(stack.width) + "x" + std::to_string(stack.height) + ", means";
    for (const double mean : ChannelMeans(array, stack, t)) {
      char number[32];
      std::snprintf(number, sizeof number, " %.1f", mean);
      text += number;
    }
    text += Marks(is_pad, static_cast<size_t>(t)) + "\n";
  }
}

Image PictureAt(const Array& array, const PictureStack& stack, int64_t t) {
  const int64_t pixels = stack.height * stack.width, items = pixels * stack.channels;
  Image image{stack.height, stack.width, array.dtype() == contract::DType::kU8 ? stack.channels : 1, {}};
  if (array.dtype() == contract::DType::kU8) {
    const auto values = array.Values<uint8_t>().subspan(static_cast<size_t>(t * items), static_cast<size_t>(items));
    image.pixels.assign(values.begin(), values.end());
    return image;
  }
  const auto values = array.Values<float>().subspan(static_cast<size_t>(t * items), static_cast<size_t>(items));
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const float span = std::max(*high - *low, 1e-6f);
  for (const float value : values) image.pixels.push_back(static_cast<uint8_t>((value - *low) / span * 255));
  return image;
}

}  // namespace

Json DescribeWindow(const contract::Window& window, const DatasetInfo& info) {
  Json values = Json::object(), pictures = Json::object(), pads = Json::object();
  for (const auto& [name, array] : window.values) {
    int64_t at = 0;
    if (info.Require(name).is_camera()) {
      pictures[name] = DescribePictures(array);
    } else {
      values[name] = Nested(array, 0, at);
    }
  }
  for (const auto& [name, texts] : window.texts) {
    values[name] = window.is_pad.contains(name) ? Json(texts) : Json(texts.front());
  }
  for (const auto& [name, flags] : window.is_pad) {
    for (const uint8_t flag : flags) pads[name].push_back(flag != 0);
  }
  return {{"episode", window.episode}, {"frame", window.frame}, {"task", window.task},    {"values", values},
          {"pictures", pictures},      {"is_pad", pads},        {"labels", window.labels}};
}

std::string PictureOfWindow(const contract::Window& window, const DatasetInfo& info) {
  std::string text = "episode " + std::to_string(window.episode) + ", frame " + std::to_string(window.frame) +
                     "\ntask: " + window.task + "\n";
  for (const auto& [key, value] : window.labels) text += "label " + key + ": " + value + "\n";
  for (const Feature& feature : info.features) {
    const auto pad = window.is_pad.find(feature.name);
    const std::vector<uint8_t> is_pad = pad == window.is_pad.end() ? std::vector<uint8_t>{} : pad->second;
    if (const auto array = window.values.find(feature.name); array != window.values.end()) {
      text += "\n" + feature.name + (feature.names.empty() ? "" : "  (" + Join(feature.names, ", ") + ")") + "\n";
      if (feature.is_camera()) {
        AppendPictures(array->second, is_pad, text);
      } else {
        AppendNumbers(array->second, is_pad, pad != window.is_pad.end(), text);
      }
    } else if (const auto texts = window.texts.find(feature.name); texts != window.texts.end()) {
      text += "\n" + feature.name + "\n";
      for (size_t t = 0; t < texts->second.size(); ++t) text += "  " + texts->second[t] + Marks(is_pad, t) + "\n";
    }
  }
  return WithoutControls(std::move(text));
}

std::vector<std::filesystem::path> WritePictures(const contract::Window& window, const DatasetInfo& info,
                                                 const std::filesystem::path& folder) {
  RequireWritableFolder(folder);
  std::vector<std::filesystem::path> files;
  for (const auto& [name, array] : window.values) {
    if (!info.Require(name).is_camera()) continue;
    const PictureStack stack = StackOf(array);
    for (int64_t t = 0; t < stack.count; ++t) {
      files.push_back(folder / (name + (stack.stacked ? "." + std::to_string(t) : "") + ".png"));
      WriteFileAtomically(files.back(), EncodePng(PictureAt(array, stack, t)));
    }
  }
  return files;
}

}  // namespace heddle::data
