#include "heddle/data/video/video_writer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/video/stream_encoder.h"

namespace heddle::data {
namespace {

constexpr int64_t kDepthGop = 2;
// x265 predicts wrongly at the edges of pictures that are one coding block wide, and is not lossless there: these are
// coded each on its own.
constexpr int64_t kWidestBlock = 64;
// The scaler loads whole vectors, and so reads past the end of the last row.
constexpr size_t kScalerReadsBehind = 64;

// x264's AVX-512 code gave other bytes for the same pictures once in some thousand encodings on a busy machine; that of
// AVX2 never did, and is what it gives everywhere else.
bool HasAvx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

EncoderSettings SettingsOf(const VideoOptions& options, int64_t height, int64_t width, const std::string& place) {
  HEDDLE_DEMAND(options.gop >= 1 && height >= 1 && width >= 1 && height <= kMaxPixels / width);
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  if (height % 2 != 0 || width % 2 != 0)
    ThrowInput("pictures of " + size + " can't be made a video: its colour needs even sizes", place,
               "crop or resize them by a pixel, or store this camera as images");
  EncoderSettings settings{
      .pixel_format = AV_PIX_FMT_YUV420P, .gop = options.gop, .fps = options.fps, .height = height, .width = width};
  if (options.codec == VideoCodec::kH264) {
    settings.encoder = "libx264";
    settings.options = {{"preset", "fast"}, {"crf", std::to_string(options.crf)}};
    if (HasAvx512()) settings.options.emplace_back("x264-params", "asm=avx2");
    return settings;
  }
  if (height < 64 || width < 64)
    ThrowInput("pictures of " + size + " are too small for the AV1 encoder, which takes 64x64 and more", place,
               "choose h264");
  settings.encoder = "libsvtav1";
  settings.options = {{"preset", "12"}, {"crf", std::to_string(options.crf)}, {"svtav1-params", "lp=1"}};
  return settings;
}

EncoderSettings DepthSettings(double fps, int64_t height, int64_t width) {
  HEDDLE_DEMAND(height >= 1 && width >= 1 && height <= kMaxPixels / width);
  const int64_t gop = width <= kWidestBlock ? 1 : kDepthGop;
  return {.encoder = "libx265",
          .pixel_format = AV_PIX_FMT_GRAY12LE,
          .gop = gop,
          .fps = fps,
          .height = height,
          .width = width,
          .options = {{"x265-params",
                       "lossless=1:bframes=0:open-gop=0:min-keyint=1:pools=none:frame-threads=1:wpp=0:info=0:log-level="
                       "none:keyint=" +
                           std::to_string(gop)}}};
}

}  // namespace

struct EpisodeEncoder::Parts {
  Parts(std::filesystem::path file, const VideoOptions& options, int64_t height_, int64_t width_)
      : stream(file, SettingsOf(options, height_, width_, file.string())),
        to_yuv(sws_getContext(static_cast<int>(width_), static_cast<int>(height_), AV_PIX_FMT_RGB24,
                              static_cast<int>(width_), static_cast<int>(height_), AV_PIX_FMT_YUV420P,
                              SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr, nullptr)),
        height(height_),
        width(width_),
        padded(static_cast<size_t>(height_ * width_ * 3) + kScalerReadsBehind) {
    if (!to_yuv) ThrowSystem("memory for a video is not to be had", file.string(), ENOMEM);
  }

  StreamEncoder stream;
  ScalerHandle to_yuv;
  int64_t height, width;
  std::vector<uint8_t> padded;  // a picture and zeros
};

EpisodeEncoder::EpisodeEncoder(std::filesystem::path file, const VideoOptions& options, int64_t height, int64_t width)
    : parts_(std::make_unique<Parts>(std::move(file), options, height, width)) {}
EpisodeEncoder::~EpisodeEncoder() = default;

void EpisodeEncoder::Add(std::span<const uint8_t> rgb) {
  HEDDLE_DEMAND(rgb.size() == static_cast<size_t>(parts_->height * parts_->width * 3));
  AVFrame& picture = parts_->stream.NextPicture();
  std::copy(rgb.begin(), rgb.end(), parts_->padded.begin());
  const uint8_t* rows = parts_->padded.data();
  int row_bytes = static_cast<int>(parts_->width * 3);
  sws_scale(parts_->to_yuv.get(), &rows, &row_bytes, 0, static_cast<int>(parts_->height), picture.data,
            picture.linesize);
  parts_->stream.Encode();
}

void EpisodeEncoder::Finish() { parts_->stream.Finish(); }

struct DepthEpisodeEncoder::Parts {
  StreamEncoder stream;
  int64_t height, width;
};

DepthEpisodeEncoder::DepthEpisodeEncoder(std::filesystem::path file, double fps, int64_t height, int64_t width)
    : parts_(new Parts{StreamEncoder(std::move(file), DepthSettings(fps, height, width)), height, width}) {}
DepthEpisodeEncoder::~DepthEpisodeEncoder() = default;

void DepthEpisodeEncoder::Add(std::span<const uint16_t> codes) {
  HEDDLE_DEMAND(codes.size() == static_cast<size_t>(parts_->height * parts_->width));
  HEDDLE_DEMAND(std::all_of(codes.begin(), codes.end(), [](uint16_t code) { return code < 4096; }));
  AVFrame& picture = parts_->stream.NextPicture();
  const auto width = static_cast<size_t>(parts_->width);
  for (size_t y = 0; y < static_cast<size_t>(parts_->height); ++y)
    std::memcpy(picture.data[0] + static_cast<ptrdiff_t>(y) * picture.linesize[0], codes.data() + y * width, width * 2);
  parts_->stream.Encode();
}

void DepthEpisodeEncoder::Finish() { parts_->stream.Finish(); }

}  // namespace heddle::data
