#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "heddle/data/video/yuv_to_rgb.h"

namespace heddle::data {
namespace {

FrameHandle RandomPicture(AVPixelFormat format, int height, int width, AVColorSpace space, AVColorRange range) {
  PrepareFfmpeg();
  FrameHandle picture = NewFrame();
  picture->format = format;
  picture->height = height;
  picture->width = width;
  picture->colorspace = space;
  picture->color_range = range;
  EXPECT_GE(av_frame_get_buffer(picture.get(), 0), 0);
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(format);
  const int bits = facts->comp[0].depth;
  std::mt19937 random(9);
  for (int plane = 0; plane < facts->nb_components; ++plane) {
    int rows = plane == 0 ? height : AV_CEIL_RSHIFT(height, facts->log2_chroma_h);
    int columns = plane == 0 ? width : AV_CEIL_RSHIFT(width, facts->log2_chroma_w);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        uint8_t* row = picture->data[plane] + static_cast<ptrdiff_t>(y) * picture->linesize[plane];
        auto sample = static_cast<uint16_t>(random() & ((1U << bits) - 1));
        if (bits > 8)
          reinterpret_cast<uint16_t*>(row)[x] = sample;
        else
          row[x] = static_cast<uint8_t>(sample);
      }
  }
  return picture;
}

double SampleAt(const AVFrame& picture, int plane, int y, int x) {
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  if (plane > 0) y >>= facts->log2_chroma_h, x >>= facts->log2_chroma_w;
  const uint8_t* row = picture.data[plane] + static_cast<ptrdiff_t>(y) * picture.linesize[plane];
  double unit = std::ldexp(1.0, facts->comp[0].depth - 8);
  return (facts->comp[0].depth > 8 ? reinterpret_cast<const uint16_t*>(row)[x] : row[x]) / unit;
}

// By the standards' formulas, in floating point.
std::array<double, 3> Exact(const AVFrame& picture, int y, int x) {
  const bool full = picture.color_range == AVCOL_RANGE_JPEG;
  const bool is_709 = picture.colorspace == AVCOL_SPC_BT709;
  const int bits = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format))->comp[0].depth;
  const double red = is_709 ? 0.2126 : 0.299, blue = is_709 ? 0.0722 : 0.114, green = 1 - red - blue;
  const double top = 256 - std::ldexp(1.0, 8 - bits);  // of the full range, in levels of 8 bits
  double luma = full ? SampleAt(picture, 0, y, x) * 255 / top : (SampleAt(picture, 0, y, x) - 16) * 255 / 219;
  double scale = full ? 255 / top : 255.0 / 224;
  double cb = (SampleAt(picture, 1, y, x) - 128) * scale, cr = (SampleAt(picture, 2, y, x) - 128) * scale;
  double r = luma + 2 * (1 - red) * cr, b = luma + 2 * (1 - blue) * cb;
  return {r, (luma - red * r - blue * b) / green, b};
}

TEST(VideoColour, NearestIsWithinALevelOfTheStandards) {
  for (AVPixelFormat format :
       {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV444P12})
    for (AVColorSpace space : {AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_BT709})
      for (AVColorRange range : {AVCOL_RANGE_UNSPECIFIED, AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG})
        for (int width : {1, 15, 64, 531}) {
          FrameHandle picture = RandomPicture(format, 5, width, space, range);
          std::vector<uint8_t> rgb(static_cast<size_t>(5 * width * 3));
          ConvertToRgb(*picture, Rounding::kNearest, rgb, "here");
          for (int y = 0; y < 5; ++y)
            for (int x = 0; x < width; ++x) {
              auto exact = Exact(*picture, y, x);
              for (size_t c = 0; c < 3; ++c)
                ASSERT_LE(std::abs(rgb[static_cast<size_t>(y * width + x) * 3 + c] - std::clamp(exact[c], 0.0, 255.0)),
                          1)
                    << av_get_pix_fmt_name(format) << " width " << width << " at " << x;
            }
        }
}

// FFmpeg's fast converter is taken as the reference; other machines than this kind may have another one.
#ifdef __x86_64__
TEST(VideoColour, ProductsRoundedDownAreWhatOtherReadersGive) {
  constexpr int kHeight = 48, kWidth = 640;
  FrameHandle picture = RandomPicture(AV_PIX_FMT_YUV420P, kHeight, kWidth, AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_MPEG);
  std::vector<uint8_t> ours(static_cast<size_t>(kHeight * kWidth * 3)), theirs(ours.size() + 64);
  ConvertToRgb(*picture, Rounding::kProductsDown, ours, "here");
  ScalerHandle scaler(sws_getContext(kWidth, kHeight, AV_PIX_FMT_YUV420P, kWidth, kHeight, AV_PIX_FMT_RGB24,
                                     SWS_BILINEAR, nullptr, nullptr, nullptr));
  uint8_t* rows = theirs.data();
  int row_bytes = kWidth * 3;
  sws_scale(scaler.get(), picture->data, picture->linesize, 0, kHeight, &rows, &row_bytes);
  theirs.resize(ours.size());
  EXPECT_EQ(ours, theirs);
}
#endif

TEST(VideoColour, OtherFormatsAreConvertedToo) {
  FrameHandle picture = NewFrame();
  picture->format = AV_PIX_FMT_GBRP;
  picture->height = 3;
  picture->width = 7;
  ASSERT_GE(av_frame_get_buffer(picture.get(), 0), 0);
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 7; ++x)
        picture->data[plane][y * picture->linesize[plane] + x] = static_cast<uint8_t>(plane * 80 + y * 7 + x);
  std::vector<uint8_t> rgb(3 * 7 * 3);
  ConvertToRgb(*picture, Rounding::kNearest, rgb, "here");
  for (size_t i = 0; i < 21; ++i) {
    EXPECT_EQ(rgb[3 * i], 160 + i);  // R is the third plane
    EXPECT_EQ(rgb[3 * i + 1], i);    // G the first
    EXPECT_EQ(rgb[3 * i + 2], 80 + i);
  }
}

}  // namespace
}  // namespace heddle::data
