// A small recording with one feature of every kind, each value a function of episode and frame.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "heddle/data/dataset_writer.h"

namespace heddle::data {

inline constexpr int64_t kSmallHeight = 32, kSmallWidth = 48;

// Limits that make files and chunks roll over within a few episodes.
inline WriterOptions SmallOptions() {
  WriterOptions options;
  options.fps = 10;
  options.robot_type = "test_arm";
  options.features["observation.images.front"] = VideoFeature(kSmallHeight, kSmallWidth);
  options.features["observation.state"] = NumberFeature(contract::DType::kF32, {3}, {"x", "y", "grip"});
  options.features["observation.grid"] = NumberFeature(contract::DType::kF32, {2, 3});
  options.features["force"] = NumberFeature(contract::DType::kF64, {1});
  options.features["strategy"] = TextFeature();
  options.features["action"] = NumberFeature(contract::DType::kF32, {2});
  options.features["next.done"] = NumberFeature(contract::DType::kBool, {1});
  options.data_file_mb = 0.0165;
  options.video_file_mb = 0.02;
  options.chunks_size = 2;
  return options;
}

inline int64_t SmallLength(int64_t episode) { return 4 + (episode * 5) % 7; }

inline Image SmallPicture(int64_t episode, int64_t frame) {
  Image image{kSmallHeight, kSmallWidth, 3, std::vector<uint8_t>(kSmallHeight * kSmallWidth * 3)};
  for (int64_t y = 0; y < kSmallHeight; ++y) {
    for (int64_t x = 0; x < kSmallWidth; ++x) {
      uint8_t* pixel = &image.pixels[static_cast<size_t>((y * kSmallWidth + x) * 3)];
      pixel[0] = static_cast<uint8_t>(x * 5);
      pixel[1] = static_cast<uint8_t>(40 + y * 5);
      pixel[2] = static_cast<uint8_t>(20 * frame + 30 * episode);
    }
  }
  return image;
}

inline contract::Array F32(std::vector<float> values, contract::Shape shape) {
  return contract::Array::Of<float>(values, std::move(shape));
}

inline FrameValues SmallFrame(int64_t episode, int64_t frame) {
  const auto e = static_cast<float>(episode), f = static_cast<float>(frame);
  FrameValues values;
  values.images["observation.images.front"] = SmallPicture(episode, frame);
  values.numbers["observation.state"] = F32({std::sin(f), e + 0.1F * f, -f}, {3});
  values.numbers["observation.grid"] = F32({e, f, 1, 2, 3, e * f}, {2, 3});
  values.numbers["force"] =
      contract::Array::Of<double>(std::vector<double>{1.0 / (1 + static_cast<double>(frame))}, {});
  values.texts["strategy"] = episode % 2 ? "fast" : "safe";
  values.numbers["action"] = F32({f / 3, e / 7}, {2});
  contract::Array done(contract::DType::kBool, {1});
  done.Values<bool>()[0] = frame + 1 == SmallLength(episode);
  values.numbers["next.done"] = done;
  values.task = frame < 2 ? "reach" : "task " + std::to_string(episode % 3);
  return values;
}

inline void RecordSmall(DatasetWriter& writer, int64_t episode) {
  for (int64_t frame = 0; frame < SmallLength(episode); ++frame) writer.AddFrame(SmallFrame(episode, frame));
  writer.SaveEpisode();
}

}  // namespace heddle::data
