// Written for the compiler to vectorise (room.cmake asks it to); the rows are worked in pieces that stay in the cache.
#include "heddle/data/video/rgb_rows.h"

#include <algorithm>
#include <cmath>

namespace heddle::data {
namespace {

constexpr int kPiece = 256;
// Samples are taken times 2^(3 + n) and factors times 2^13, so that the upper half of their product is a level with n
// binary places: 4, or 0 where products are rounded down.
constexpr int kWholeShift = 3, kFactorShift = 13, kPlaces = 4;

struct Factors {
  int places = kPlaces;
  int16_t luma_offset = 0, y = 0, r_v = 0, g_u = 0, g_v = 0, b_u = 0;
};

int16_t Fixed(double factor) { return static_cast<int16_t>(std::lrint(std::ldexp(factor, kFactorShift))); }

[[gnu::always_inline]] inline int16_t HighHalf(int16_t a, int16_t b) {
  return static_cast<int16_t>((static_cast<int32_t>(a) * b) >> 16);
}

// What chroma adds to each pixel of a piece.
struct ChromaPart {
  alignas(64) std::array<int16_t, kPiece> r{}, g{}, b{};
};

[[gnu::always_inline]] inline void SpreadChroma(const uint8_t* __restrict u, const uint8_t* __restrict v, int count,
                                                bool is_halved, const Factors& by, ChromaPart& out) {
  alignas(64) int16_t r[kPiece], g[kPiece], b[kPiece];
  const int shift = kWholeShift + by.places;
  for (int i = 0; i < count; ++i) {
    auto cu = static_cast<int16_t>((u[i] - 128) << shift), cv = static_cast<int16_t>((v[i] - 128) << shift);
    r[i] = HighHalf(cv, by.r_v);
    g[i] = static_cast<int16_t>(HighHalf(cu, by.g_u) + HighHalf(cv, by.g_v));
    b[i] = HighHalf(cu, by.b_u);
  }
  int step = is_halved ? 2 : 1;
  if (step == 1) {
    for (int i = 0; i < count; ++i) out.r[i] = r[i], out.g[i] = g[i], out.b[i] = b[i];
  } else {
    int pairs = std::min(count, kPiece / 2);
    for (int i = 0; i < pairs; ++i) out.r[2 * i] = out.r[2 * i + 1] = r[i];
    for (int i = 0; i < pairs; ++i) out.g[2 * i] = out.g[2 * i + 1] = g[i];
    for (int i = 0; i < pairs; ++i) out.b[2 * i] = out.b[2 * i + 1] = b[i];
  }
}

[[gnu::always_inline]] inline uint8_t Level(int sum, int places) {
  auto level = static_cast<int16_t>(static_cast<int16_t>(sum) >> places);
  return static_cast<uint8_t>(level < 0 ? 0 : level > 255 ? 255 : level);
}

[[gnu::always_inline]] inline void JoinPiece(const uint8_t* __restrict luma, const ChromaPart& chroma, int count,
                                             const Factors& by, uint8_t* __restrict rgb) {
  alignas(64) uint8_t r[kPiece], g[kPiece], b[kPiece];
  const int places = by.places, shift = kWholeShift + places;
  // Half a level, and what two products lose on average when they are cut off.
  const auto half = static_cast<int16_t>(places == 0 ? 0 : (1 << (places - 1)) + 1);
  for (int i = 0; i < count; ++i) {
    auto sample = static_cast<int16_t>((luma[i] - by.luma_offset) << shift);
    auto level = static_cast<int16_t>(HighHalf(sample, by.y) + half);
    r[i] = Level(level + chroma.r[i], places);
    g[i] = Level(level + chroma.g[i], places);
    b[i] = Level(level + chroma.b[i], places);
  }
  for (int i = 0; i < count; ++i) {
    rgb[3 * i] = r[i];
    rgb[3 * i + 1] = g[i];
    rgb[3 * i + 2] = b[i];
  }
}

[[gnu::always_inline]] inline void ConvertRowsOf(const RowBlock& rows, const Factors& by) {
  ChromaPart chroma;
  for (int64_t x = 0; x < rows.width; x += kPiece) {
    int count = static_cast<int>(std::min<int64_t>(kPiece, rows.width - x));
    if (rows.u) {
      int64_t at = rows.chroma_is_halved ? x / 2 : x;
      SpreadChroma(rows.u + at, rows.v + at, rows.chroma_is_halved ? (count + 1) / 2 : count, rows.chroma_is_halved, by,
                   chroma);
    }
    for (int i = 0; i < rows.count; ++i) JoinPiece(rows.luma[i] + x, chroma, count, by, rows.rgb[i] + 3 * x);
  }
}

void ConvertRowsPlainly(const RowBlock& rows, const Factors& by) { ConvertRowsOf(rows, by); }

#ifdef __x86_64__
[[gnu::target("avx2")]] void ConvertRowsWide(const RowBlock& rows, const Factors& by) { ConvertRowsOf(rows, by); }
#endif

uint8_t Rounded(double level) { return static_cast<uint8_t>(std::clamp(level + 0.5, 0.0, 255.0)); }

}  // namespace

void ConvertRows8(const RowBlock& rows, const YuvMatrix& matrix, Rounding rounding) {
  Factors by{.places = rounding == Rounding::kNearest ? kPlaces : 0,
             .luma_offset = static_cast<int16_t>(matrix.luma_offset),
             .y = Fixed(matrix.y),
             .r_v = Fixed(matrix.r_v),
             .g_u = Fixed(-matrix.g_u),
             .g_v = Fixed(-matrix.g_v),
             .b_u = Fixed(matrix.b_u)};
#ifdef __x86_64__
  static const bool is_wide = __builtin_cpu_supports("avx2");
  if (is_wide) return ConvertRowsWide(rows, by);
#endif
  ConvertRowsPlainly(rows, by);
}

void ConvertRows16(const RowBlock& rows, const YuvMatrix& matrix) {
  const auto* us = reinterpret_cast<const uint16_t*>(rows.u);
  const auto* vs = reinterpret_cast<const uint16_t*>(rows.v);
  for (int i = 0; i < rows.count; ++i) {
    const auto* luma = reinterpret_cast<const uint16_t*>(rows.luma[i]);
    uint8_t* rgb = rows.rgb[i];
    for (int64_t x = 0; x < rows.width; ++x, rgb += 3) {
      int64_t at = rows.chroma_is_halved ? x / 2 : x;
      double y = (luma[x] - matrix.luma_offset) * matrix.y;
      double u = us ? us[at] - matrix.chroma_offset : 0, v = vs ? vs[at] - matrix.chroma_offset : 0;
      rgb[0] = Rounded(y + matrix.r_v * v);
      rgb[1] = Rounded(y - matrix.g_u * u - matrix.g_v * v);
      rgb[2] = Rounded(y + matrix.b_u * u);
    }
  }
}

}  // namespace heddle::data
