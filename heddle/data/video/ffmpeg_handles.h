// FFmpeg's handles, each with its deleter, and what every use of FFmpeg here needs. Private to this folder: no public
// header includes it.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

namespace heddle::data {

struct FreeInput {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
};
struct FreeIo {
  void operator()(AVIOContext* p) const {
    av_freep(&p->buffer);
    avio_context_free(&p);
  }
};
struct FreeCodec {
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
};
struct FreeParameters {
  void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
};
struct FreeParser {
  void operator()(AVCodecParserContext* p) const { av_parser_close(p); }
};
struct FreePacket {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};
struct FreeFrame {
  void operator()(AVFrame* p) const { av_frame_free(&p); }
};
struct FreeScaler {
  void operator()(SwsContext* p) const { sws_freeContext(p); }
};

using InputHandle = std::unique_ptr<AVFormatContext, FreeInput>;
using IoHandle = std::unique_ptr<AVIOContext, FreeIo>;
using CodecHandle = std::unique_ptr<AVCodecContext, FreeCodec>;
using ParametersHandle = std::unique_ptr<AVCodecParameters, FreeParameters>;
using ParserHandle = std::unique_ptr<AVCodecParserContext, FreeParser>;
using PacketHandle = std::unique_ptr<AVPacket, FreePacket>;
using FrameHandle = std::unique_ptr<AVFrame, FreeFrame>;
using ScalerHandle = std::unique_ptr<SwsContext, FreeScaler>;

// No picture that is decoded may have more pixels: 8192 x 8192.
inline constexpr int64_t kMaxPixels = int64_t{1} << 26;

// Makes FFmpeg silent (what it finds reaches people through our Errors) and bounds each of its allocations. Called
// first by whoever opens something; idempotent, for any thread.
void PrepareFfmpeg();

// "Invalid data found when processing input"
std::string FfmpegMessage(int code);

// kSystem if memory is short.
PacketHandle NewPacket();
FrameHandle NewFrame();
CodecHandle NewCodec(const AVCodec* codec);

}  // namespace heddle::data
