#include "heddle/core/random_fill.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "heddle/core/philox.h"

// This file is compiled with -O3 and without contraction into fused multiply-adds (CMakeLists.txt): every instruction
// set must give the same bits.

namespace heddle {
namespace {

#if defined(__GNUC__)
#define HEDDLE_INLINE inline __attribute__((always_inline))
#else
#define HEDDLE_INLINE inline
#endif

constexpr int kLanes = 32;         // blocks made at once: one a lane
constexpr int kTile = 4 * kLanes;  // values made at once

// The block of one lane. Its rounds stand unrolled, so that the loop over lanes is the one that becomes vectors.
HEDDLE_INLINE PhiloxBlock BlockOfLane(uint64_t key, uint64_t id, uint64_t block) {
  uint32_t a = static_cast<uint32_t>(block), b = static_cast<uint32_t>(block >> 32);
  uint32_t c = static_cast<uint32_t>(id), d = static_cast<uint32_t>(id >> 32);
  uint32_t key0 = static_cast<uint32_t>(key), key1 = static_cast<uint32_t>(key >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const uint64_t product0 = uint64_t{kPhiloxMultiplier0} * a;
    const uint64_t product1 = uint64_t{kPhiloxMultiplier1} * c;
    a = static_cast<uint32_t>(product1 >> 32) ^ b ^ key0;
    c = static_cast<uint32_t>(product0 >> 32) ^ d ^ key1;
    b = static_cast<uint32_t>(product1);
    d = static_cast<uint32_t>(product0);
    key0 += kPhiloxWeyl0;
    key1 += kPhiloxWeyl1;
  }
  return {a, b, c, d};
}

// -2 ln u for u = (bits + 1/2) / 2^32, as PortableLog in single precision.
HEDDLE_INLINE float MinusTwoLog(uint32_t bits) {
  constexpr int32_t kBitsOfSqrtHalf = 0x3F3504F3;
  // Two exact conversions and one rounding: there is no vector conversion of unsigned words below AVX-512.
  const float high = static_cast<float>(static_cast<int32_t>(bits >> 16));
  const float low = static_cast<float>(static_cast<int32_t>(bits & 0xFFFF)) + 0.5f;
  const float u = (high * 65536.0f + low) * 0x1p-32f;
  const int32_t u_bits = std::bit_cast<int32_t>(u);
  const int32_t exponent = (u_bits - kBitsOfSqrtHalf) >> 23;
  const float m = std::bit_cast<float>(u_bits - exponent * (1 << 23));
  const float s = (m - 1.0f) / (m + 1.0f);
  const float s2 = s * s;
  const float series = 1.0f + s2 * (1.0f / 3 + s2 * (1.0f / 5 + s2 * (1.0f / 7 + s2 * (1.0f / 9))));
  const float minus_two_log = -4.0f * s * series - static_cast<float>(exponent) * 1.38629436111989062f;
  return minus_two_log > 0.0f ? minus_two_log : 0.0f;
}

// Cosine and sine of the angle bits / 2^32 turns: the rest to the nearest quarter turn by Taylor's series, then turned.
struct CosSin {
  float cos, sin;
};
HEDDLE_INLINE CosSin CosSinOfTurn(uint32_t bits) {
  constexpr float kRadians = 1.46291807926715968e-9f;  // 2 pi / 2^32
  const uint32_t quarter = (bits + 0x20000000u) >> 30;
  const float x = static_cast<float>(static_cast<int32_t>(bits - (quarter << 30))) * kRadians;
  const float x2 = x * x;
  const float s = x * (1.0f - x2 * (1.0f / 6 - x2 * (1.0f / 120 - x2 * (1.0f / 5040 - x2 * (1.0f / 362880)))));
  const float c = 1.0f - x2 * (0.5f - x2 * (1.0f / 24 - x2 * (1.0f / 720 - x2 * (1.0f / 40320))));
  const uint32_t s_bits = std::bit_cast<uint32_t>(s), c_bits = std::bit_cast<uint32_t>(c);
  const uint32_t swap = (s_bits ^ c_bits) & (0u - (quarter & 1));
  const uint32_t sin_sign = (quarter & 2) << 30, cos_sign = ((quarter + 1) & 2) << 30;
  return {std::bit_cast<float>(c_bits ^ swap ^ cos_sign), std::bit_cast<float>(s_bits ^ swap ^ sin_sign)};
}

// Values 4b and 4b+1 are the normals of words 0 and 1 of block b, values 4b+2 and 4b+3 those of words 2 and 3.
HEDDLE_INLINE void NormalTile(uint64_t key, uint64_t id, uint64_t block, float* out) {
  alignas(64) uint32_t word[4][kLanes];
  alignas(64) float value[4][kLanes];
  for (int i = 0; i < kLanes; ++i) {
    const PhiloxBlock words = BlockOfLane(key, id, block + static_cast<uint64_t>(i));
    for (int j = 0; j < 4; ++j) word[j][i] = words[j];
  }
  for (int pair = 0; pair < 4; pair += 2) {
    for (int i = 0; i < kLanes; ++i) {
      const float radius = std::sqrt(MinusTwoLog(word[pair][i]));
      const CosSin angle = CosSinOfTurn(word[pair + 1][i]);
      value[pair][i] = radius * angle.cos;
      value[pair + 1][i] = radius * angle.sin;
    }
  }
  for (int i = 0; i < kLanes; ++i) {
    for (int j = 0; j < 4; ++j) out[4 * i + j] = value[j][i];
  }
}

HEDDLE_INLINE void UniformTile(uint64_t key, uint64_t id, uint64_t block, float* out) {
  for (int i = 0; i < kLanes; ++i) {
    const PhiloxBlock words = BlockOfLane(key, id, block + static_cast<uint64_t>(i));
    for (int j = 0; j < 4; ++j) out[4 * i + j] = static_cast<float>(static_cast<int32_t>(words[j] >> 8)) * 0x1p-24f;
  }
}

template <bool kNormal>
HEDDLE_INLINE void Fill(uint64_t key, uint64_t id, uint64_t block, float* out, size_t count) {
  alignas(64) float rest[kTile];
  while (count > 0) {
    float* tile = count >= kTile ? out : rest;
    if constexpr (kNormal) {
      NormalTile(key, id, block, tile);
    } else {
      UniformTile(key, id, block, tile);
    }
    if (count < kTile) {
      std::memcpy(out, rest, count * sizeof(float));
      return;
    }
    block += kLanes;
    out += kTile;
    count -= kTile;
  }
}

template <bool kNormal>
void FillBaseline(uint64_t key, uint64_t id, uint64_t block, float* out, size_t count) {
  Fill<kNormal>(key, id, block, out, count);
}

#if defined(__x86_64__) && defined(__GNUC__)
template <bool kNormal>
__attribute__((target("avx2"))) void FillAvx2(uint64_t key, uint64_t id, uint64_t block, float* out, size_t count) {
  Fill<kNormal>(key, id, block, out, count);
}
template <bool kNormal>
__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512"))) void FillAvx512(
    uint64_t key, uint64_t id, uint64_t block, float* out, size_t count) {
  Fill<kNormal>(key, id, block, out, count);
}
#endif

template <bool kNormal>
void Dispatch(uint64_t key, uint64_t id, uint64_t block, std::span<float> out, InstructionSet set) {
#if defined(__x86_64__) && defined(__GNUC__)
  if (set == InstructionSet::kAvx512) return FillAvx512<kNormal>(key, id, block, out.data(), out.size());
  if (set == InstructionSet::kAvx2) return FillAvx2<kNormal>(key, id, block, out.data(), out.size());
#endif
  static_cast<void>(set);
  FillBaseline<kNormal>(key, id, block, out.data(), out.size());
}

}  // namespace

void FillNormalBlocks(uint64_t key, uint64_t id, uint64_t first_block, std::span<float> out, InstructionSet set) {
  Dispatch<true>(key, id, first_block, out, set);
}

void FillUniformBlocks(uint64_t key, uint64_t id, uint64_t first_block, std::span<float> out, InstructionSet set) {
  Dispatch<false>(key, id, first_block, out, set);
}

}  // namespace heddle
