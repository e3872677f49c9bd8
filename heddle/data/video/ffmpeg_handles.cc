#include "heddle/data/video/ffmpeg_handles.h"

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

#include <array>
#include <cerrno>
#include <mutex>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

constexpr size_t kMaxAllocation = size_t{1} << 29;

template <typename Handle, typename Pointer>
Handle Owned(Pointer pointer) {
  if (!pointer) ThrowSystem("memory for a video is not to be had", "", ENOMEM);
  return Handle(pointer);
}

}  // namespace

void PrepareFfmpeg() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(kMaxAllocation);
  });
}

std::string FfmpegMessage(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

PacketHandle NewPacket() { return Owned<PacketHandle>(av_packet_alloc()); }
FrameHandle NewFrame() { return Owned<FrameHandle>(av_frame_alloc()); }
CodecHandle NewCodec(const AVCodec* codec) { return Owned<CodecHandle>(avcodec_alloc_context3(codec)); }

}  // namespace heddle::data
