// Decodes a video's frames by number, keeping the decoder where the last one left it.
//
// Reading on from there feeds the packets in between; any other frame begins a new run at the frame's keyframe.
// Pictures that nothing is made from and that stand before the wanted one are not decoded where the codec marks them.
#pragma once

#include <cstdint>
#include <vector>

#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/media_file.h"
#include "heddle/data/video/packet_index.h"

namespace heddle::data {

class FrameDecoder {
 public:
  // `file` and `index` outlive it. kInput if there is no decoder for the codec, or its size is out of bounds.
  FrameDecoder(const MediaFile& file, const PacketIndex& index, const AVCodecParameters& parameters, int threads);

  // 0 <= frame < index.num_frames(). The picture is valid until the next call. kInput with file and frame where the
  // stream is broken; the decoder can be used for other frames after that.
  const AVFrame& Decode(int64_t frame);

 private:
  bool CanGoOn(int64_t frame) const;
  bool TakeSpare(int64_t frame);
  void BeginRun(int64_t frame);
  void RunTo(int64_t frame);
  bool ShouldDrain(int64_t frame) const;
  void FeedOne(int64_t frame);
  void SendPacket(const CodedPacket& packet, int32_t number);
  const char* FaultOf(const AVFrame& picture) const;
  int64_t NumberOf(const AVFrame& picture) const;
  void CollectSpares();
  [[noreturn]] void ThrowBroken(int64_t frame, const std::string& why) const;

  const MediaFile& file_;
  const PacketIndex& index_;
  CodecHandle context_;
  PacketHandle packet_;
  FrameHandle current_;
  int64_t current_number_ = -1;
  std::vector<FrameHandle> spares_;  // came out behind the wanted one when the decoder was emptied
  int height_ = 0, width_ = 0;
  bool can_be_open_ = false, can_skip_ = false;

  // The run.
  bool running_ = false, drained_ = false;
  int32_t run_start_ = 0, next_packet_ = 0;
  int64_t last_out_ = -1;
};

}  // namespace heddle::data
