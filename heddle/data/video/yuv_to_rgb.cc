#include "heddle/data/video/yuv_to_rgb.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/video/rgb_rows.h"

namespace heddle::data {
namespace {

// How a picture's planes lie.
struct Layout {
  int bits = 8, bytes_per_sample = 1;
  int chroma_shift_x = 0, chroma_shift_y = 0;
  bool is_grey = false;
};

bool IsFullRange(const AVFrame& picture) {
  switch (picture.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P: return true;
    default: return picture.color_range == AVCOL_RANGE_JPEG;
  }
}

YuvMatrix MatrixOf(const AVFrame& picture, const Layout& layout) {
  double red = 0.299, blue = 0.114;  // BT.601
  if (picture.colorspace == AVCOL_SPC_BT709) red = 0.2126, blue = 0.0722;
  if (picture.colorspace == AVCOL_SPC_BT2020_NCL) red = 0.2627, blue = 0.0593;
  if (picture.colorspace == AVCOL_SPC_SMPTE240M) red = 0.212, blue = 0.087;
  double green = 1 - red - blue;
  double unit = std::ldexp(1.0, layout.bits - 8);  // what a level of 8 bits is worth in samples
  bool full = IsFullRange(picture);
  double luma_span = full ? std::ldexp(1.0, layout.bits) - 1 : 219 * unit;
  double chroma_span = full ? luma_span : 224 * unit;
  double chroma = layout.is_grey ? 0 : 255 / chroma_span;
  return {.luma_offset = static_cast<int>(full ? 0 : 16 * unit),
          .chroma_offset = static_cast<int>(128 * unit),
          .y = 255 / luma_span,
          .r_v = chroma * 2 * (1 - red),
          .g_u = chroma * 2 * blue * (1 - blue) / green,
          .g_v = chroma * 2 * red * (1 - red) / green,
          .b_u = chroma * 2 * (1 - blue)};
}

// False for what is not planar YUV or grey of 8 to 16 bits in native order.
bool FindLayout(AVPixelFormat format, Layout& layout) {
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(format);
  constexpr uint64_t kOther = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BE |
                              AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER |
                              AV_PIX_FMT_FLAG_FLOAT;
  if (!facts || (facts->flags & kOther)) return false;
  layout.bits = facts->comp[0].depth;
  layout.bytes_per_sample = layout.bits > 8 ? 2 : 1;
  layout.is_grey = facts->nb_components == 1;
  layout.chroma_shift_x = facts->log2_chroma_w;
  layout.chroma_shift_y = facts->log2_chroma_h;
  int planes = std::min<int>(facts->nb_components, 3);
  for (int i = 0; i < planes; ++i) {
    const AVComponentDescriptor& part = facts->comp[i];
    if (part.plane != i || part.step != layout.bytes_per_sample || part.shift != 0 || part.depth != layout.bits)
      return false;
  }
  return (planes == 1 || planes == 3) && layout.chroma_shift_x <= 1 && layout.bits >= 8;
}

const uint8_t* Row(const AVFrame& picture, int plane, int64_t row) {
  return picture.data[plane] + row * picture.linesize[plane];
}

void ConvertPlanes(const AVFrame& picture, const Layout& layout, Rounding rounding, uint8_t* rgb) {
  const YuvMatrix matrix = MatrixOf(picture, layout);
  const int64_t width = picture.width, row_bytes = width * 3;
  const int block = 1 << layout.chroma_shift_y;
  for (int64_t y = 0; y < picture.height; y += block) {
    RowBlock rows{.width = width, .chroma_is_halved = layout.chroma_shift_x == 1};
    rows.count = static_cast<int>(std::min<int64_t>(block, picture.height - y));
    for (int i = 0; i < rows.count; ++i) {
      rows.luma[i] = Row(picture, 0, y + i);
      rows.rgb[i] = rgb + (y + i) * row_bytes;
    }
    if (!layout.is_grey) {
      rows.u = Row(picture, 1, y >> layout.chroma_shift_y);
      rows.v = Row(picture, 2, y >> layout.chroma_shift_y);
    }
    layout.bytes_per_sample == 1 ? ConvertRows8(rows, matrix, rounding) : ConvertRows16(rows, matrix);
  }
}

// All other formats, by FFmpeg. Its rows may be written beyond their end, so they are made in a padded picture.
void ConvertByScaler(const AVFrame& picture, uint8_t* rgb, const std::string& place) {
  auto format = static_cast<AVPixelFormat>(picture.format);
  ScalerHandle scaler(sws_getContext(picture.width, picture.height, format, picture.width, picture.height,
                                     AV_PIX_FMT_RGB24, SWS_POINT | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT,
                                     nullptr, nullptr, nullptr));
  const char* name = av_get_pix_fmt_name(format);
  if (!scaler) ThrowInput(std::string("pixel format can't be turned into RGB: ") + (name ? name : "unknown"), place);
  FrameHandle padded = NewFrame();
  padded->format = AV_PIX_FMT_RGB24;
  padded->width = picture.width;
  padded->height = picture.height;
  if (av_frame_get_buffer(padded.get(), 64) < 0) ThrowSystem("memory for a picture is not to be had", place, ENOMEM);
  sws_scale(scaler.get(), picture.data, picture.linesize, 0, picture.height, padded->data, padded->linesize);
  const auto row_bytes = static_cast<size_t>(picture.width) * 3;
  for (int y = 0; y < picture.height; ++y) std::memcpy(rgb + y * row_bytes, Row(*padded, 0, y), row_bytes);
}

}  // namespace

void ConvertToRgb(const AVFrame& picture, Rounding rounding, std::span<uint8_t> rgb, const std::string& place) {
  HEDDLE_DEMAND(rgb.size() == static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height) * 3);
  Layout layout;
  if (FindLayout(static_cast<AVPixelFormat>(picture.format), layout) && layout.chroma_shift_y <= 1)
    ConvertPlanes(picture, layout, rounding, rgb.data());
  else
    ConvertByScaler(picture, rgb.data(), place);
}

void CopyCodes(const AVFrame& picture, std::span<uint16_t> codes, const std::string& place) {
  const auto width = static_cast<size_t>(picture.width);
  HEDDLE_DEMAND(codes.size() == width * static_cast<size_t>(picture.height));
  Layout layout;
  if (!FindLayout(static_cast<AVPixelFormat>(picture.format), layout))
    ThrowInput("its pixel format has no plane of codes", place, "depth videos are of format gray12le");
  for (int y = 0; y < picture.height; ++y) {
    const uint8_t* row = Row(picture, 0, y);
    uint16_t* to = codes.data() + static_cast<size_t>(y) * width;
    if (layout.bytes_per_sample == 2)
      std::memcpy(to, row, width * 2);
    else
      std::copy(row, row + width, to);
  }
}

int LumaBits(AVPixelFormat format) {
  Layout layout;
  return FindLayout(format, layout) ? layout.bits : 0;
}

}  // namespace heddle::data
