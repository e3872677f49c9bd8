// Random streams: named, counter-based, the same numbers on every platform.
//
// A stream is identified by 128 bits made from the seed and a name; its n-th block of four 32-bit words is
// Philox4x32-10 of (n, those bits), see heddle/core/philox.h. There is no global generator: whoever needs chance is
// given a stream, and splits it by name or index for its parts:
//
//   RandomStream root(options.seed, "toy");
//   RandomStream noise = root.Split("noise").Split(step);   // does not depend on what was drawn from root
//
// A stream is a value: a copy repeats the original's numbers. One stream is for one thread; split streams are
// independent and may go to as many threads as one likes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "heddle/core/philox.h"

namespace heddle {

class RandomStream {
 public:
  // Streams of other names (or seeds) are independent.
  RandomStream(uint64_t seed, std::string_view name);

  // A part of this stream: a function of this stream's identity and the name (index), not of its position.
  RandomStream Split(std::string_view name) const;
  RandomStream Split(uint64_t index) const;

  uint32_t NextBits32();
  uint64_t NextBits64();  // two words, the low one first

  // In [0, 1): a multiple of 2^-53.
  double Uniform();

  // In 0 .. n-1, unbiased. n >= 1 (DEMANDed).
  uint64_t Below(uint64_t n);

  // Standard normal by Box and Muller from two 53-bit uniforms (heddle/core/portable_math.h): |value| <= 8.6.
  double Normal();

  // Whole blocks at a time, so faster by far. They begin at the next unused block: what was left of the current one is
  // skipped, and so is what the last block has too much. Filling 4n values in one call or in several calls of multiples
  // of 4 gives the same. Normals are made in single precision from 32-bit uniforms: |value| <= 6.77.
  void FillNormal(std::span<float> out);
  void FillUniform(std::span<float> out);  // in [0, 1): multiples of 2^-24

 private:
  RandomStream(uint64_t key, uint64_t id) : key_(key), id_(id) {}
  RandomStream Child(uint64_t what, uint64_t tag) const;

  uint64_t key_, id_;
  uint64_t next_block_ = 0;
  PhiloxBlock words_{};
  int used_words_ = 4;
};

// All orders equally likely (Fisher and Yates).
template <class T>
void Shuffle(RandomStream& stream, std::span<T> values) {
  for (size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[stream.Below(left)]);
}

}  // namespace heddle
