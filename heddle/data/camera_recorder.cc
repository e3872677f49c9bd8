#include "heddle/data/camera_recorder.h"

#include "heddle/data/lerobot/depth_codes.h"

namespace heddle::data {
namespace {

std::filesystem::path With(std::filesystem::path stem, const char* ending) { return stem += ending; }

}  // namespace

CameraRecorder::CameraRecorder(const Feature& feature, const VideoOptions& options, double depth_per_metre,
                               const std::filesystem::path& stem)
    : coding_(feature.depth.value_or(DepthCoding{})),
      depth_per_metre_(depth_per_metre),
      video_(With(stem, ".mp4")),
      statistics_(With(stem, ".levels"), feature.height, feature.width, feature.channels) {
  if (feature.depth) {
    depth_encoder_ = std::make_unique<DepthEpisodeEncoder>(video_, options.fps, feature.height, feature.width);
  } else {
    encoder_ = std::make_unique<EpisodeEncoder>(video_, options, feature.height, feature.width);
  }
}

void CameraRecorder::Add(const Image& image) {
  statistics_.AddLevels(image.pixels);
  encoder_->Add(image.pixels);
}

void CameraRecorder::AddDepth(std::span<const float> values) {
  statistics_.AddDepth(values);
  depth_encoder_->Add(DepthToCodes(values, coding_, depth_per_metre_));
}

void CameraRecorder::AddCodes(std::span<const uint16_t> codes) {
  statistics_.AddDepth(CodesToDepth(codes, coding_, depth_per_metre_));
  depth_encoder_->Add(codes);
}

contract::FeatureStatistics CameraRecorder::Finish() {
  encoder_ ? encoder_->Finish() : depth_encoder_->Finish();
  return statistics_.Finish();
}

}  // namespace heddle::data
