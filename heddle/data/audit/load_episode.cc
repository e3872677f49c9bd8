#include "heddle/data/audit/load_episode.h"

#include <cmath>

#include "heddle/core/error.h"
#include "heddle/data/audit/picture_facts.h"
#include "heddle/data/audit/sample_frames.h"
#include "heddle/data/video/image_codec.h"

namespace heddle::data::audit {
namespace {

constexpr size_t kMostReaders = 8;

Numbers ToNumbers(const contract::Array& array) {
  Numbers numbers;
  numbers.rows = array.shape().empty() ? 0 : array.shape()[0];
  numbers.dims = numbers.rows == 0 ? 0 : array.size() / numbers.rows;
  numbers.values = array.ToDoubles();
  return numbers;
}

// Measures pictures in ascending order, keeping the pixels of the last one.
class PictureRow {
 public:
  explicit PictureRow(CameraData& data) : data_(data) {}

  void Add(int64_t frame, int64_t height, int64_t width, int64_t channels, std::vector<uint8_t> pixels) {
    const bool neighbour = frame == last_frame_ + 1;
    data_.frames.push_back(MeasurePicture(frame, pixels,
                                          neighbour ? std::span<const uint8_t>(last_) : std::span<const uint8_t>(),
                                          height, width, channels));
    last_ = std::move(pixels);
    last_frame_ = frame;
  }

 private:
  CameraData& data_;
  std::vector<uint8_t> last_;
  int64_t last_frame_ = -2;
};

}  // namespace

EpisodeLoader::EpisodeLoader(const Dataset& dataset, const DatasetFacts& facts, int64_t frames)
    : dataset_(dataset), facts_(facts), frames_(frames) {
  for (const VideoFileFacts& file : facts.video_files) {
    if (file.exists && !file.error) usable_videos_.insert(file.file);
  }
}

void EpisodeLoader::LoadNumbers(const Episode& episode, EpisodeData& data) const {
  for (const Feature& feature : facts_.info.features) {
    if (feature.kind != FeatureKind::kNumeric) continue;
    try {
      data.numbers[feature.name] = ToNumbers(dataset_.ReadNumbers(feature.name, episode.index));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kBug) throw;
      data.unreadable[feature.name] = error.message();
    }
  }
}

VideoReader& EpisodeLoader::Reader(const std::filesystem::path& file) {
  for (auto it = readers_.begin(); it != readers_.end(); ++it) {
    if (it->first != file) continue;
    readers_.splice(readers_.begin(), readers_, it);
    return *readers_.front().second;
  }
  readers_.emplace_front(file, std::make_unique<VideoReader>(file));
  if (readers_.size() > kMostReaders) readers_.pop_back();
  return *readers_.front().second;
}

CameraData EpisodeLoader::LoadVideo(const Feature& camera, const Episode& episode) {
  CameraData data;
  const VideoSpan span = dataset_.Video(camera.name, episode.index);
  VideoReader& reader = Reader(span.file);
  const VideoFacts& video = reader.facts();
  const double from_s = episode.videos.at(camera.name).from_s;
  for (int64_t frame = 0; frame < std::min(episode.length, video.num_frames - span.first_frame); ++frame) {
    const double drift_s =
        reader.TimeOf(span.first_frame + frame) - (from_s + static_cast<double>(frame) / facts_.info.fps);
    if (std::abs(drift_s) <= std::abs(data.worst_drift_s)) continue;
    data.worst_drift_s = drift_s;
    data.worst_drift_frame = frame;
  }
  PictureRow row(data);
  for (const int64_t frame : SampleFrames(episode.length, frames_)) {
    if (span.first_frame + frame >= video.num_frames) break;  // the check of lengths says so
    try {
      if (camera.depth) {
        std::vector<uint16_t> codes(static_cast<size_t>(video.height * video.width));
        reader.ReadCodes(span.first_frame + frame, codes);
        std::vector<uint8_t> levels(codes.size());
        for (size_t i = 0; i < codes.size(); ++i) levels[i] = static_cast<uint8_t>(std::min(codes[i] >> 4, 255));
        row.Add(frame, video.height, video.width, 1, std::move(levels));
      } else {
        Image image = reader.ReadRgb(span.first_frame + frame);
        row.Add(frame, image.height, image.width, image.channels, std::move(image.pixels));
      }
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kBug) throw;
      data.unreadable.push_back({frame, error.message()});
    }
  }
  return data;
}

CameraData EpisodeLoader::LoadImages(const Feature& camera, const Episode& episode) const {
  CameraData data;
  PictureRow row(data);
  for (const int64_t frame : SampleFrames(episode.length, frames_)) {
    try {
      const auto files = dataset_.ReadImageFiles(camera.name, episode.index, frame, 1);
      if (camera.depth || camera.channels == 1) {
        DecodeDepthImage(files.at(0), camera.name);
        continue;
      }
      Image image = DecodeImage(files.at(0), camera.name);
      row.Add(frame, image.height, image.width, image.channels, std::move(image.pixels));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kBug) throw;
      data.unreadable.push_back({frame, error.message()});
    }
  }
  return data;
}

EpisodeData EpisodeLoader::Load(int64_t index) {
  const Episode& episode = facts_.episodes[static_cast<size_t>(index)];
  EpisodeData data;
  data.index = index;
  data.length = episode.length;
  LoadNumbers(episode, data);
  const bool rows_read = !data.unreadable.contains("index");
  for (const Feature& feature : facts_.info.features) {
    if (!feature.is_camera()) continue;
    const bool image = feature.kind == FeatureKind::kImage;
    if (image ? !rows_read : !usable_videos_.contains(episode.videos.at(feature.name).file)) continue;
    try {
      data.cameras[feature.name] = image ? LoadImages(feature, episode) : LoadVideo(feature, episode);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kBug) throw;
      data.unreadable[feature.name] = error.message();
    }
  }
  return data;
}

}  // namespace heddle::data::audit
