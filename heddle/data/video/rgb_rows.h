// Rows of YUV samples into rows of RGB bytes: the arithmetic of yuv_to_rgb.h, which is where the time goes.
#pragma once

#include <array>
#include <cstdint>

namespace heddle::data {

// In levels of RGB (0..255) a sample.
struct YuvMatrix {
  int luma_offset = 16, chroma_offset = 128;
  double y = 0, r_v = 0, g_u = 0, g_v = 0, b_u = 0;
};

// One or two rows that share their chroma; u and v null for grey.
struct RowBlock {
  int64_t width = 0;
  bool chroma_is_halved = false;
  int count = 0;
  std::array<const uint8_t*, 2> luma{};
  const uint8_t* u = nullptr;
  const uint8_t* v = nullptr;
  std::array<uint8_t*, 2> rgb{};
};

enum class Rounding {
  kNearest,
  kProductsDown,  // each product on its own, down to a whole level: on average a level darker than exact
};

void ConvertRows8(const RowBlock& rows, const YuvMatrix& matrix, Rounding rounding);
// Samples of two bytes, to the nearest level.
void ConvertRows16(const RowBlock& rows, const YuvMatrix& matrix);

}  // namespace heddle::data
