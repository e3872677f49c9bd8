#include "heddle/data/video/image_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/tiff.h"
#include "heddle/data/video/yuv_to_rgb.h"

namespace heddle::data {
namespace {

// No picture format in use packs more pixels than that into a byte.
constexpr size_t kPixelsPerByte = 4096;

AVCodecID CodecOf(std::string_view bytes, const std::string& place) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return AV_CODEC_ID_PNG;
  if (bytes.starts_with("\xff\xd8\xff")) return AV_CODEC_ID_MJPEG;
  if (IsTiff(bytes)) return AV_CODEC_ID_TIFF;
  ThrowInput("not a PNG, JPEG or TIFF picture", place);
}

[[noreturn]] void ThrowBroken(int code, const std::string& place) {
  ThrowInput("picture can't be decoded: " + (code < 0 ? FfmpegMessage(code) : std::string("it is damaged")), place);
}

CodecHandle OpenDecoder(AVCodecID id, size_t num_bytes, const std::string& place) {
  const AVCodec* codec = avcodec_find_decoder(id);
  if (!codec) ThrowInput(std::string("no decoder for ") + avcodec_get_name(id), place);
  CodecHandle context = NewCodec(codec);
  context->thread_count = 1;
  context->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER;
  // To FFmpeg's TIFF a tag that it doesn't know would be an error, too.
  if (id != AV_CODEC_ID_TIFF) context->err_recognition |= AV_EF_EXPLODE;
  context->max_pixels = std::min<int64_t>(kMaxPixels, static_cast<int64_t>(num_bytes * kPixelsPerByte));
  int code = avcodec_open2(context.get(), codec, nullptr);
  if (code < 0) ThrowBroken(code, place);
  return context;
}

FrameHandle Decode(std::string_view bytes, const std::string& place) {
  PrepareFfmpeg();
  if (bytes.size() > size_t{1} << 28) ThrowInput("a picture of more than 256 MiB", place);
  CodecHandle context = OpenDecoder(CodecOf(bytes, place), bytes.size(), place);
  PacketHandle packet = NewPacket();
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0)
    ThrowSystem("memory for a picture is not to be had", place, ENOMEM);
  std::memcpy(packet->data, bytes.data(), bytes.size());
  FrameHandle frame = NewFrame();
  int code = avcodec_send_packet(context.get(), packet.get());
  if (code >= 0) code = avcodec_send_packet(context.get(), nullptr);
  if (code >= 0) code = avcodec_receive_frame(context.get(), frame.get());
  if (code < 0) ThrowBroken(code, place);
  if (frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT)) ThrowBroken(0, place);
  return frame;
}

// Rows of one grey channel of type T, perhaps in the other byte order.
template <typename T>
void CopyGrey(const AVFrame& frame, bool is_swapped, std::vector<float>& values) {
  for (int y = 0; y < frame.height; ++y) {
    const uint8_t* row = frame.data[0] + static_cast<ptrdiff_t>(y) * frame.linesize[0];
    for (int x = 0; x < frame.width; ++x) {
      std::array<uint8_t, sizeof(T)> raw;
      std::memcpy(raw.data(), row + static_cast<size_t>(x) * sizeof(T), sizeof(T));
      if (is_swapped) std::reverse(raw.begin(), raw.end());
      values.push_back(static_cast<float>(std::bit_cast<T>(raw)));
    }
  }
}

AVCodecContext* OpenPngEncoder(const Image& image, CodecHandle& context) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  if (!codec) throw Error(ErrorKind::kSystem, "this FFmpeg has no PNG encoder");
  context = NewCodec(codec);
  context->thread_count = 1;
  context->width = static_cast<int>(image.width);
  context->height = static_cast<int>(image.height);
  context->pix_fmt = image.channels == 1 ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24;
  context->time_base = {1, 1};
  context->flags |= AV_CODEC_FLAG_BITEXACT;
  int code = avcodec_open2(context.get(), codec, nullptr);
  if (code < 0) throw Error(ErrorKind::kSystem, "the PNG encoder does not start: " + FfmpegMessage(code));
  return context.get();
}

FrameHandle ToFrame(const Image& image, AVPixelFormat format) {
  FrameHandle frame = NewFrame();
  frame->width = static_cast<int>(image.width);
  frame->height = static_cast<int>(image.height);
  frame->format = format;
  if (av_frame_get_buffer(frame.get(), 0) < 0) ThrowSystem("memory for a picture is not to be had", "", ENOMEM);
  const auto row_bytes = static_cast<size_t>(image.width * image.channels);
  for (int64_t y = 0; y < image.height; ++y)
    std::memcpy(frame->data[0] + y * frame->linesize[0], image.pixels.data() + static_cast<size_t>(y) * row_bytes,
                row_bytes);
  return frame;
}

}  // namespace

Image DecodeImage(std::string_view file_bytes, const std::string& place) {
  FrameHandle frame = Decode(file_bytes, place);
  // Grey pictures use the full range; the decoders don't all say so.
  if (frame->format == AV_PIX_FMT_GRAY8) frame->color_range = AVCOL_RANGE_JPEG;
  Image image{.height = frame->height, .width = frame->width, .channels = 3, .pixels = {}};
  image.pixels.resize(static_cast<size_t>(image.height * image.width * 3));
  ConvertToRgb(*frame, Rounding::kNearest, image.pixels, place);
  return image;
}

DepthImage DecodeDepthImage(std::string_view file_bytes, const std::string& place) {
  if (auto plain = DecodePlainTiff(file_bytes, place)) return *std::move(plain);
  FrameHandle frame = Decode(file_bytes, place);
  DepthImage image{.height = frame->height, .width = frame->width, .values = {}};
  image.values.reserve(static_cast<size_t>(image.height * image.width));
  const bool is_little = std::endian::native == std::endian::little;
  switch (frame->format) {
    case AV_PIX_FMT_GRAY8: CopyGrey<uint8_t>(*frame, false, image.values); break;
    case AV_PIX_FMT_GRAY16LE: CopyGrey<uint16_t>(*frame, !is_little, image.values); break;
    case AV_PIX_FMT_GRAY16BE: CopyGrey<uint16_t>(*frame, is_little, image.values); break;
    default: {
      const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(frame->format));
      ThrowInput(std::string("not a picture of one channel: ") + (name ? name : "unknown"), place,
                 "store depth as PNG or TIFF of one 16-bit channel, or as TIFF of floats");
    }
  }
  return image;
}

std::string EncodePng(const Image& image) {
  HEDDLE_DEMAND(image.height >= 1 && image.width >= 1 && (image.channels == 1 || image.channels == 3));
  HEDDLE_DEMAND(image.pixels.size() == static_cast<size_t>(image.height * image.width * image.channels));
  PrepareFfmpeg();
  CodecHandle owner;
  AVCodecContext* context = OpenPngEncoder(image, owner);
  FrameHandle frame = ToFrame(image, context->pix_fmt);
  PacketHandle packet = NewPacket();
  int code = avcodec_send_frame(context, frame.get());
  if (code >= 0) code = avcodec_receive_packet(context, packet.get());
  if (code < 0) throw Error(ErrorKind::kSystem, "a PNG can't be made: " + FfmpegMessage(code));
  return {reinterpret_cast<const char*>(packet->data), static_cast<size_t>(packet->size)};
}

}  // namespace heddle::data
