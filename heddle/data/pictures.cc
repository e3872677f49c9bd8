#include "heddle/data/pictures.h"

#include "heddle/core/error.h"
#include "heddle/data/video/image_codec.h"
#include "heddle/data/video_time.h"

namespace heddle::data {
namespace {

contract::Array OfImage(const Image& image) {
  return contract::Array::Of<uint8_t>(image.pixels, {image.height, image.width, image.channels});
}

contract::Array OfDepth(const DepthImage& image, double mm_per_unit) {
  auto array = contract::Array::Of<float>(image.values, {image.height, image.width, 1});
  if (mm_per_unit != 1) {
    for (float& value : array.Values<float>()) value *= static_cast<float>(mm_per_unit);
  }
  return array;
}

void CheckSize(const Feature& feature, int64_t height, int64_t width, const std::string& place) {
  if (height == feature.height && width == feature.width) return;
  ThrowInput("a picture of " + std::to_string(width) + "x" + std::to_string(height) + ", where info.json says " +
                 std::to_string(feature.width) + "x" + std::to_string(feature.height),
             place);
}

void CheckTime(const VideoReader& video, int64_t number, double expected_s, double fps, const std::string& place) {
  try {
    CheckFrameTime(video, number, expected_s, fps);
  } catch (const Error& error) {
    ThrowInput(error.message(), place, error.mend());
  }
}

}  // namespace

PictureReader::PictureReader(const Dataset& dataset, size_t most_open_videos, int threads)
    : dataset_(dataset), most_open_(most_open_videos), threads_(threads) {}

contract::Array PictureReader::Read(std::string_view camera, int64_t episode, int64_t frame) {
  const Feature& feature = dataset_.info().Require(camera);
  const int64_t length = dataset_.episode(episode).length;
  if (frame < 0 || frame >= length) {
    ThrowUsage("episode " + std::to_string(episode) + " has no frame " + std::to_string(frame),
               dataset_.root().string(), "frames are 0 to " + std::to_string(length - 1));
  }
  switch (feature.kind) {
    case FeatureKind::kVideo: return ReadVideo(feature, episode, frame);
    case FeatureKind::kImage: return ReadEmbedded(feature, episode, frame);
    default: ThrowUsage("'" + feature.name + "' is no camera", dataset_.root().string());
  }
}

PictureReader::Place PictureReader::VideoOf(std::string_view camera, int64_t episode) {
  const VideoSpan span = dataset_.Video(camera, episode);
  for (auto it = open_.begin(); it != open_.end(); ++it) {
    if (it->first != span.file) continue;
    open_.splice(open_.begin(), open_, it);
    return {it->second, span.first_frame, span.from_s};
  }
  open_.emplace_front(span.file, VideoReader(span.file, threads_));
  if (open_.size() > most_open_) open_.pop_back();
  return {open_.front().second, span.first_frame, span.from_s};
}

contract::Array PictureReader::ReadVideo(const Feature& feature, int64_t episode, int64_t frame) {
  const auto [video, first_frame, from_s] = VideoOf(feature.name, episode);
  const std::string place = feature.name + ", episode " + std::to_string(episode) + ", frame " + std::to_string(frame);
  const int64_t number = first_frame + frame;
  if (number >= video.facts().num_frames) {
    ThrowInput("the video ends before this frame: it has " + std::to_string(video.facts().num_frames) +
                   " frames, and this would be number " + std::to_string(number),
               place, "`heddle data audit` tells how much is missing");
  }
  CheckSize(feature, video.facts().height, video.facts().width, place);
  CheckTime(video, number, from_s + static_cast<double>(frame) / dataset_.info().fps, dataset_.info().fps, place);
  if (feature.depth) return OfDepth(video.ReadDepth(number, *feature.depth), 1);
  return OfImage(video.ReadRgb(number));
}

contract::Array PictureReader::ReadEmbedded(const Feature& feature, int64_t episode, int64_t frame) {
  const std::string place = feature.name + ", episode " + std::to_string(episode) + ", frame " + std::to_string(frame);
  const auto files = dataset_.ReadImageFiles(feature.name, episode, frame, 1);
  if (feature.depth) {
    const DepthImage image = DecodeDepthImage(files[0], place);
    CheckSize(feature, image.height, image.width, place);
    return OfDepth(image, feature.depth_unit_mm);
  }
  const Image image = DecodeImage(files[0], place);
  CheckSize(feature, image.height, image.width, place);
  return OfImage(image);
}

}  // namespace heddle::data
