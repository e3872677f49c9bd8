#include "heddle/data/video/jpeg.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/video/ffmpeg_handles.h"

namespace heddle::data {
namespace {

// FFmpeg's step q divides by about q / 8 of what quality 50 divides by.
int StepOf(int quality) {
  const double share = quality < 50 ? 50.0 / quality : 2 - quality / 50.0;
  return std::clamp(static_cast<int>(std::lround(8 * share)), 1, 31);
}

CodecHandle OpenEncoder(const Image& image, int quality) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (!codec) throw Error(ErrorKind::kSystem, "this FFmpeg has no JPEG encoder");
  CodecHandle context = NewCodec(codec);
  context->thread_count = 1;
  context->width = static_cast<int>(image.width);
  context->height = static_cast<int>(image.height);
  context->pix_fmt = AV_PIX_FMT_YUVJ420P;
  context->color_range = AVCOL_RANGE_JPEG;
  context->time_base = {1, 1};
  context->qmin = 1;
  context->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_QSCALE;
  context->global_quality = StepOf(quality) * FF_QP2LAMBDA;
  const int code = avcodec_open2(context.get(), codec, nullptr);
  if (code < 0) throw Error(ErrorKind::kSystem, "the JPEG encoder does not start: " + FfmpegMessage(code));
  return context;
}

// JPEG's colours (JFIF, full range), in thousandths: luminance, blueness, redness.
struct Yuv {
  int y, u, v;
};
Yuv ToYuv(int r, int g, int b) {
  return {299 * r + 587 * g + 114 * b, -169 * r - 331 * g + 500 * b, 500 * r - 419 * g - 81 * b};
}
uint8_t Rounded(int value, int unit, int offset) {
  return static_cast<uint8_t>(std::clamp((value + (value >= 0 ? unit : -unit) / 2) / unit + offset, 0, 255));
}

// Two by two pixels share a colour; at an odd edge the last one is repeated.
void FillSquare(const Image& image, int64_t top, int64_t left, AVFrame& frame) {
  Yuv sum{0, 0, 0};
  for (const auto& [dy, dx] : {std::pair{0, 0}, {0, 1}, {1, 0}, {1, 1}}) {
    const int64_t y = std::min(top + dy, image.height - 1), x = std::min(left + dx, image.width - 1);
    const uint8_t* pixel = image.pixels.data() + 3 * (y * image.width + x);
    const Yuv yuv = ToYuv(pixel[0], pixel[1], pixel[2]);
    frame.data[0][y * frame.linesize[0] + x] = Rounded(yuv.y, 1000, 0);
    sum = {0, sum.u + yuv.u, sum.v + yuv.v};
  }
  frame.data[1][top / 2 * frame.linesize[1] + left / 2] = Rounded(sum.u, 4000, 128);
  frame.data[2][top / 2 * frame.linesize[2] + left / 2] = Rounded(sum.v, 4000, 128);
}

FrameHandle ToFrame(const Image& image, const AVCodecContext& context) {
  FrameHandle frame = NewFrame();
  frame->width = context.width;
  frame->height = context.height;
  frame->format = context.pix_fmt;
  frame->color_range = AVCOL_RANGE_JPEG;
  frame->quality = context.global_quality;
  if (av_frame_get_buffer(frame.get(), 0) < 0) ThrowSystem("memory for a picture is not to be had", "", ENOMEM);
  for (int64_t y = 0; y < image.height; y += 2) {
    for (int64_t x = 0; x < image.width; x += 2) FillSquare(image, y, x, *frame);
  }
  return frame;
}

}  // namespace

std::string EncodeJpeg(const Image& image, int quality) {
  HEDDLE_DEMAND(image.height >= 1 && image.width >= 1 && image.channels == 3 && quality >= 1 && quality <= 100);
  HEDDLE_DEMAND(image.pixels.size() == static_cast<size_t>(image.height * image.width * 3));
  PrepareFfmpeg();
  const CodecHandle context = OpenEncoder(image, quality);
  const FrameHandle frame = ToFrame(image, *context);
  const PacketHandle packet = NewPacket();
  int code = avcodec_send_frame(context.get(), frame.get());
  if (code >= 0) code = avcodec_receive_packet(context.get(), packet.get());
  if (code < 0) throw Error(ErrorKind::kSystem, "a JPEG can't be made: " + FfmpegMessage(code));
  return {reinterpret_cast<const char*>(packet->data), static_cast<size_t>(packet->size)};
}

}  // namespace heddle::data
