// The kernels of norm_kernels.h, written as loops that the compiler turns into vectors; included by mlp_kernels_impl.h,
// once for each instruction set.
#include <bit>
#include <cmath>
#include <cstdint>

#include "heddle/nn/norm_kernels.h"

namespace heddle::nn::HEDDLE_KERNELS {
namespace {

// e^x to 2e-7, relative: 2^n times a polynomial in what is left, |r| <= ln 2 / 2. Beyond ±87 as at ±87.
inline float Exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 87.0f ? 87.0f : x;
  constexpr float kShift = 12582912.0f;  // 1.5 · 2^23: adding it rounds to a whole number, in the low bits
  const float shifted = x * 1.44269504f + kShift;
  const float n = shifted - kShift;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691e-4f;
  p = p * r + 1.3981999e-3f;
  p = p * r + 8.3334519e-3f;
  p = p * r + 4.1665796e-2f;
  p = p * r + 1.6666665e-1f;
  p = p * r + 5.0000001e-1f;
  p = p * r * r + r + 1.0f;
  const std::int32_t exponent = (std::bit_cast<std::int32_t>(shifted) << 23) + (127 << 23);
  return p * std::bit_cast<float>(exponent);
}

inline float Sigmoid(float u) { return 1.0f / (1.0f + Exponential(-u)); }

void ChannelSums(const float* __restrict x, float* __restrict sums, std::size_t places, std::size_t channels) {
  for (std::size_t c = 0; c < channels; ++c) sums[c] = 0;
  for (std::size_t p = 0; p < places; ++p, x += channels) {
    for (std::size_t c = 0; c < channels; ++c) sums[c] += x[c];
  }
}

void ChannelSquares(const float* __restrict x, const float* __restrict mean, float* __restrict sums, std::size_t places,
                    std::size_t channels) {
  for (std::size_t c = 0; c < channels; ++c) sums[c] = 0;
  for (std::size_t p = 0; p < places; ++p, x += channels) {
    for (std::size_t c = 0; c < channels; ++c) sums[c] += (x[c] - mean[c]) * (x[c] - mean[c]);
  }
}

void ScaledSilu(const float* __restrict x, const float* __restrict scale, const float* __restrict shift,
                float* __restrict out, std::size_t places, std::size_t channels) {
  for (std::size_t p = 0; p < places; ++p, x += channels, out += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float u = scale[c] * x[c] + shift[c];
      out[c] = u * Sigmoid(u);
    }
  }
}

void ScaledSiluBackward(const float* __restrict x, const float* __restrict scale, const float* __restrict shift,
                        const float* __restrict mean, const float* __restrict d_out, float* __restrict d_in,
                        float* __restrict sums, float* __restrict products, std::size_t places, std::size_t channels) {
  for (std::size_t c = 0; c < channels; ++c) sums[c] = products[c] = 0;
  for (std::size_t p = 0; p < places; ++p, x += channels, d_out += channels, d_in += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float u = scale[c] * x[c] + shift[c];
      const float s = Sigmoid(u);
      const float d = d_out[c] * s * (1.0f + u * (1.0f - s));
      d_in[c] = d;
      sums[c] += d;
      products[c] += d * (x[c] - mean[c]);
    }
  }
}

void Combine(float* __restrict d, const float* __restrict x, const float* __restrict a, const float* __restrict b,
             const float* __restrict c, std::size_t places, std::size_t channels) {
  for (std::size_t p = 0; p < places; ++p, x += channels, d += channels) {
    for (std::size_t i = 0; i < channels; ++i) d[i] = a[i] * d[i] + b[i] * x[i] + c[i];
  }
}

}  // namespace
}  // namespace heddle::nn::HEDDLE_KERNELS
