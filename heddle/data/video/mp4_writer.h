// Coded packets into an mp4 file, its index in front. What is written is a function of the arguments alone: nothing of
// the clock, the machine or FFmpeg's version string gets into it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "heddle/data/video/ffmpeg_handles.h"

namespace heddle::data {

// Frames a second as a ratio: 30, 30000/1001, 2997/100. HEDDLE_DEMANDs that it is between 1/1000 and 100000.
AVRational FrameRateOf(double fps);

class Mp4Writer {
 public:
  // kSystem with the path if it can't be written. Of `parameters` only what decoding needs is taken.
  Mp4Writer(std::filesystem::path file, const AVCodecParameters& parameters, AVRational frame_rate);
  ~Mp4Writer();  // an unfinished file is removed
  Mp4Writer(const Mp4Writer&) = delete;
  Mp4Writer& operator=(const Mp4Writer&) = delete;

  // In decode order; both times in frames. Takes the packet's content.
  void Write(AVPacket& packet, int64_t decode_time, int64_t presentation_time);
  void Finish();

 private:
  struct FreeOutput {
    void operator()(AVFormatContext* p) const;
  };

  [[noreturn]] void Fail(int code) const;
  void AddStream(const AVCodecParameters& parameters, AVRational frame_rate);
  void Begin();

  std::filesystem::path file_;
  std::unique_ptr<AVFormatContext, FreeOutput> output_;
  int64_t ticks_per_frame_ = 1;
  bool is_finished_ = false;
};

}  // namespace heddle::data
