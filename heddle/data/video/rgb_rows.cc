// Written for the compiler to vectorise (room.cmake asks it to); the rows are worked in pieces that stay in the cache.
#include "heddle/data/video/rgb_rows.h"

#include <algorithm>
#include <cmath>
#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace heddle::data {
namespace {

constexpr int kPiece = 256;
// Samples are taken times 2^(3 + n) and factors times 2^13, so that the upper half of their product is a level with n
// binary places: 4, or 0 where products are rounded down.
constexpr int kWholeShift = 3, kFactorShift = 13, kPlaces = 4;

struct Factors {
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

template <int places>
[[gnu::always_inline]] inline void SpreadChroma(const uint8_t* __restrict u, const uint8_t* __restrict v, int count,
                                                bool is_halved, const Factors& by, ChromaPart& out) {
  alignas(64) int16_t r[kPiece], g[kPiece], b[kPiece];
  constexpr int shift = kWholeShift + places;
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

template <int places>
[[gnu::always_inline]] inline uint8_t Level(int sum) {
  auto level = static_cast<int16_t>(static_cast<int16_t>(sum) >> places);
  return static_cast<uint8_t>(level < 0 ? 0 : level > 255 ? 255 : level);
}

// Three planes into one row of RGB.
using Interleave = void (*)(const uint8_t* r, const uint8_t* g, const uint8_t* b, int count, uint8_t* rgb);

void InterleavePlainly(const uint8_t* r, const uint8_t* g, const uint8_t* b, int count, uint8_t* rgb) {
  for (int i = 0; i < count; ++i) {
    rgb[3 * i] = r[i];
    rgb[3 * i + 1] = g[i];
    rgb[3 * i + 2] = b[i];
  }
}

#ifdef __x86_64__
// For each of the three pieces that 16 pixels fill: which byte of a plane goes where (-1: another plane's).
struct Spread {
  alignas(16) std::array<std::array<int8_t, 16>, 3> places{};
  explicit constexpr Spread(int channel) {
    for (int piece = 0; piece < 3; ++piece)
      for (int i = 0; i < 16; ++i) {
        int at = piece * 16 + i;
        places[static_cast<size_t>(piece)][static_cast<size_t>(i)] =
            static_cast<int8_t>(at % 3 == channel ? at / 3 : -1);
      }
  }
};
constexpr Spread kSpreadR(0), kSpreadG(1), kSpreadB(2);

[[gnu::target("avx2")]] void InterleaveWide(const uint8_t* r, const uint8_t* g, const uint8_t* b, int count,
                                            uint8_t* rgb) {
  auto load = [](const void* from)
                  __attribute__((target("avx2"))) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); };
  int i = 0;
  for (; i + 16 <= count; i += 16) {
    __m128i rs = load(r + i), gs = load(g + i), bs = load(b + i);
    for (size_t piece = 0; piece < 3; ++piece) {
      __m128i out = _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(rs, load(&kSpreadR.places[piece])),
                                              _mm_shuffle_epi8(gs, load(&kSpreadG.places[piece]))),
                                 _mm_shuffle_epi8(bs, load(&kSpreadB.places[piece])));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(rgb + 3 * i) + piece, out);
    }
  }
  InterleavePlainly(r + i, g + i, b + i, count - i, rgb + 3 * i);
}
#endif

template <int places>
[[gnu::always_inline]] inline void JoinPiece(const uint8_t* __restrict luma, const ChromaPart& chroma, int count,
                                             const Factors& by, Interleave interleave, uint8_t* rgb) {
  alignas(64) uint8_t r[kPiece], g[kPiece], b[kPiece];
  constexpr int shift = kWholeShift + places;
  // Half a level, and what two products lose on average when they are cut off.
  constexpr auto half = static_cast<int16_t>(places == 0 ? 0 : (1 << (places - 1)) + 1);
  for (int i = 0; i < count; ++i) {
    auto sample = static_cast<int16_t>((luma[i] - by.luma_offset) << shift);
    auto level = static_cast<int16_t>(HighHalf(sample, by.y) + half);
    r[i] = Level<places>(level + chroma.r[i]);
    g[i] = Level<places>(level + chroma.g[i]);
    b[i] = Level<places>(level + chroma.b[i]);
  }
  interleave(r, g, b, count, rgb);
}

template <int places>
[[gnu::always_inline]] inline void ConvertRowsOf(const RowBlock& rows, const Factors& by, Interleave interleave) {
  ChromaPart chroma;
  for (int64_t x = 0; x < rows.width; x += kPiece) {
    int count = static_cast<int>(std::min<int64_t>(kPiece, rows.width - x));
    if (rows.u) {
      int64_t at = rows.chroma_is_halved ? x / 2 : x;
      SpreadChroma<places>(rows.u + at, rows.v + at, rows.chroma_is_halved ? (count + 1) / 2 : count,
                           rows.chroma_is_halved, by, chroma);
    }
    for (int i = 0; i < rows.count; ++i)
      JoinPiece<places>(rows.luma[i] + x, chroma, count, by, interleave, rows.rgb[i] + 3 * x);
  }
}

template <int places>
void ConvertRowsPlainly(const RowBlock& rows, const Factors& by) {
  ConvertRowsOf<places>(rows, by, InterleavePlainly);
}

#ifdef __x86_64__
template <int places>
[[gnu::target("avx2")]] void ConvertRowsWide(const RowBlock& rows, const Factors& by) {
  ConvertRowsOf<places>(rows, by, InterleaveWide);
}
#endif

uint8_t Rounded(double level) { return static_cast<uint8_t>(std::clamp(level + 0.5, 0.0, 255.0)); }

}  // namespace

void ConvertRows8(const RowBlock& rows, const YuvMatrix& matrix, Rounding rounding) {
  Factors by{.luma_offset = static_cast<int16_t>(matrix.luma_offset),
             .y = Fixed(matrix.y),
             .r_v = Fixed(matrix.r_v),
             .g_u = Fixed(-matrix.g_u),
             .g_v = Fixed(-matrix.g_v),
             .b_u = Fixed(matrix.b_u)};
#ifdef __x86_64__
  static const bool is_wide = __builtin_cpu_supports("avx2");
  if (is_wide)
    return rounding == Rounding::kNearest ? ConvertRowsWide<kPlaces>(rows, by) : ConvertRowsWide<0>(rows, by);
#endif
  rounding == Rounding::kNearest ? ConvertRowsPlainly<kPlaces>(rows, by) : ConvertRowsPlainly<0>(rows, by);
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
