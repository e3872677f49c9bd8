#include "heddle/mixture/permutation.h"

#include <bit>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/philox.h"

namespace heddle::mixture {
namespace {

// Few bits need more rounds to be mixed evenly.
constexpr int kSmallHalf = 6;
constexpr uint64_t kRounds = 6, kRoundsOfSmall = 16;

}  // namespace

Permutation::Permutation(uint64_t n, uint64_t key) : n_(n), key_(key) {
  HEDDLE_DEMAND(n >= 1 && n <= (uint64_t{1} << 62));
  const int bits = n == 1 ? 1 : static_cast<int>(std::bit_width(n - 1));
  half_bits_ = (bits + 1) / 2;
}

uint64_t Permutation::Round(uint64_t value) const {
  const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
  uint64_t left = value >> half_bits_, right = value & mask;
  const uint64_t rounds = half_bits_ <= kSmallHalf ? kRoundsOfSmall : kRounds;
  for (uint64_t round = 0; round < rounds; ++round) {
    const PhiloxBlock block = Philox4x32({static_cast<uint32_t>(right), static_cast<uint32_t>(round), 0, 0}, key_);
    left = std::exchange(right, left ^ (block[0] & mask));
  }
  return (left << half_bits_) | right;
}

uint64_t Permutation::operator()(uint64_t position) const {
  HEDDLE_DEMAND(position < n_);
  uint64_t value = Round(position);
  while (value >= n_) value = Round(value);
  return value;
}

}  // namespace heddle::mixture
