// Episodes into video files, each the same bytes for the same frames: one encoder thread, fixed settings, no wall-clock
// time in the container.
//
//   EpisodeEncoder encoder(part, options, 480, 640);
//   for (...) encoder.Add(pixels);
//   encoder.Finish();                               // `part` is a whole mp4 of the episode
//   JoinVideos({{current, n}, {part, m}}, next);    // the first n frames of one, all of the other, without re-encoding
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace heddle::data {

enum class VideoCodec { kH264, kAv1 };

struct VideoOptions {
  VideoCodec codec = VideoCodec::kH264;
  int64_t gop = 2;   // frames from keyframe to keyframe at most: small, as training reads frames at random
  int64_t crf = 23;  // quality: lower is better and larger
  double fps = 0;
};

class EpisodeEncoder {
 public:
  // kSystem if the file can't be written or this FFmpeg has no such encoder; kInput for sizes that it can't take.
  EpisodeEncoder(std::filesystem::path file, const VideoOptions& options, int64_t height, int64_t width);
  ~EpisodeEncoder();  // an unfinished file is removed
  EpisodeEncoder(const EpisodeEncoder&) = delete;
  EpisodeEncoder& operator=(const EpisodeEncoder&) = delete;

  void Add(std::span<const uint8_t> rgb);  // height * width * 3
  void Finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Codes of 12 bits, losslessly (HEVC Main 12, gray12le), as LeRobot stores depth.
class DepthEpisodeEncoder {
 public:
  DepthEpisodeEncoder(std::filesystem::path file, double fps, int64_t height, int64_t width);
  ~DepthEpisodeEncoder();
  DepthEpisodeEncoder(const DepthEpisodeEncoder&) = delete;
  DepthEpisodeEncoder& operator=(const DepthEpisodeEncoder&) = delete;

  void Add(std::span<const uint16_t> codes);
  void Finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

struct VideoPart {
  std::filesystem::path file;
  int64_t num_frames = 0;  // taken from its beginning; what is behind is left out
};

// Joins by copying packets, the index in front (faststart). A function of the packets alone: joining the first n frames
// of a joined file gives the bytes that joining its first parts gave. kInput where the parts differ in codec or size.
void JoinVideos(const std::vector<VideoPart>& parts, const std::filesystem::path& out);

}  // namespace heddle::data
