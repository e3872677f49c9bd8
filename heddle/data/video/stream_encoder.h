// Pictures through one of FFmpeg's encoders into an mp4 file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/mp4_writer.h"

namespace heddle::data {

// An encoder by FFmpeg's name, with its private options ("crf" -> "23"). One thread, no reordering of pictures.
struct EncoderSettings {
  std::string encoder = {};
  AVPixelFormat pixel_format = AV_PIX_FMT_NONE;
  int64_t gop = 2;
  double fps = 0;
  int64_t height = 0, width = 0;
  std::vector<std::pair<std::string, std::string>> options = {};
};

class StreamEncoder {
 public:
  // kSystem if this FFmpeg lacks the encoder or the file can't be written; kInput if it refuses size or settings.
  StreamEncoder(std::filesystem::path file, const EncoderSettings& settings);

  // The picture to fill before each Encode().
  AVFrame& NextPicture();
  void Encode();
  void Finish();

 private:
  void WritePackets();
  [[noreturn]] void Fail(int code) const;

  std::filesystem::path file_;
  CodecHandle encoder_;
  FrameHandle picture_;
  PacketHandle packet_;
  std::unique_ptr<Mp4Writer> writer_;
  int64_t num_pictures_ = 0, num_packets_ = 0;
};

}  // namespace heddle::data
