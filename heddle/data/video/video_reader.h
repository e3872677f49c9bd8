// Frames of a video file by their number in presentation order.
//
// Opening reads the container's index and decodes nothing. The number of a frame is its rank by presentation time, so
// B-frames, edit lists (frames that an edit list hides are not counted) and any GOP are handled; reading frame n
// decodes from the last keyframe at or before it, or goes on from where the decoder stands if that is nearer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "heddle/data/lerobot/info.h"
#include "heddle/data/video/image.h"

struct AVFrame;

namespace heddle::data {

struct VideoFacts {
  int64_t num_frames = 0;
  int64_t height = 0, width = 0;
  std::string codec;         // "h264", "hevc", "av1", "vp9"
  std::string pixel_format;  // FFmpeg's name: "yuv420p", "gray12le", ...
  double fps = 0;            // average
  int64_t num_keyframes = 0;
};

// One thread at a time. `threads`: the decoder's own.
class VideoReader {
 public:
  // kInput with the path: not a video, no video stream, a codec that is not there, an index that lies outside the file.
  explicit VideoReader(const std::filesystem::path& file, int threads = 1);
  ~VideoReader();
  VideoReader(VideoReader&&) noexcept;
  VideoReader& operator=(VideoReader&&) noexcept;

  const VideoFacts& facts() const;
  // Presentation time of a frame, in seconds since the first one's.
  double TimeOf(int64_t frame) const;
  // The keyframe that reading this frame starts at.
  int64_t KeyframeOf(int64_t frame) const;

  // Frame `frame` as RGB into `pixels` (height * width * 3). kInput, with file and frame, beyond the end or where the
  // stream is broken.
  void ReadRgb(int64_t frame, std::span<uint8_t> pixels);
  Image ReadRgb(int64_t frame);

  // The luma plane as it is coded, for depth videos: 8 to 16 bits a code.
  void ReadCodes(int64_t frame, std::span<uint16_t> codes);
  // Codes turned into millimetres.
  DepthImage ReadDepth(int64_t frame, const DepthCoding& coding);

  // Bytes of memory that an open reader holds, about: what a bounded cache counts.
  size_t MemoryBytes() const;

 private:
  friend const ::AVFrame& DecodedFrame(VideoReader& reader, int64_t frame);  // decoded_frame.h
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data
