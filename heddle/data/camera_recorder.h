// One video feature of the episode that is being recorded: pictures go to the encoder as they come, and what their
// statistics need beside it.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/lerobot/picture_statistics.h"
#include "heddle/data/video/image.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data {

class CameraRecorder {
 public:
  // Writes `stem`.mp4 and `stem`.levels; both are gone with the recorder unless it was finished (the video stays then).
  CameraRecorder(const Feature& feature, const VideoOptions& options, double depth_per_metre,
                 const std::filesystem::path& stem);

  void Add(const Image& image);
  // In the feature's unit; either of the two.
  void AddDepth(std::span<const float> values);
  void AddCodes(std::span<const uint16_t> codes);

  // Ends the video.
  contract::FeatureStatistics Finish();
  const std::filesystem::path& video() const { return video_; }

 private:
  DepthCoding coding_;
  double depth_per_metre_;
  std::filesystem::path video_;
  std::unique_ptr<EpisodeEncoder> encoder_;
  std::unique_ptr<DepthEpisodeEncoder> depth_encoder_;
  PictureStatistics statistics_;
};

}  // namespace heddle::data
