#include "heddle/core/portable_math.h"

#include <bit>
#include <cstdint>

namespace heddle {

// x = m 2^e with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...) with s = (m-1)/(m+1),
// |s| < .172: the first term left out is below 1e-18.
double PortableLog(double x) {
  constexpr uint64_t kBitsOfSqrtHalf = 0x3FE6A09E667F3BCD;
  constexpr double kLn2High = 0x1.62e42fefa38p-1, kLn2Low = 0x1.ef35793c7673p-45;
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  const int64_t exponent = static_cast<int64_t>(bits - kBitsOfSqrtHalf) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<uint64_t>(exponent) << 52));
  const double s = (m - 1.0) / (m + 1.0);
  const double s2 = s * s;
  double series = 1.0 / 23.0;
#pragma GCC unroll 10
  for (int odd = 21; odd >= 3; odd -= 2) series = series * s2 + 1.0 / odd;
  const double e = static_cast<double>(exponent);
  const double ln_m = 2.0 * s + 2.0 * s * (s2 * series);
  return e * kLn2High + (ln_m + e * kLn2Low);
}

// To the nearest quarter turn, then the Taylor series on [-pi/4, pi/4]: the first terms left out are below 1e-17.
SinCos PortableSinCosOfTurns(double turns) {
  constexpr double kTwoPi = 6.283185307179586476925286766559;
  const int quarter = static_cast<int>(turns * 4.0 + 0.5);
  const double x = (turns - quarter * 0.25) * kTwoPi;
  const double x2 = x * x;
  double sin_series = 1.0, cos_series = 1.0;
#pragma GCC unroll 8
  for (int n = 16; n >= 2; n -= 2) {
    sin_series = 1.0 - sin_series * x2 * (1.0 / (n * (n + 1)));
    cos_series = 1.0 - cos_series * x2 * (1.0 / (n * (n - 1)));
  }
  const double s = x * sin_series, c = cos_series;
  switch (quarter & 3) {
    case 0: return {s, c};
    case 1: return {c, -s};
    case 2: return {-s, -c};
    default: return {-c, s};
  }
}

}  // namespace heddle
