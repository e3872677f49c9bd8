// The order of a pass: a permutation of 0 .. n-1 that any position can be asked of, without a table.
//
// A Feistel network over the smallest even number of bits that hold n, walked until it lands below n (Black and
// Rogaway, "Ciphers with arbitrary finite domains", 2002): a permutation for every key, and another for another key.
#pragma once

#include <cstdint>

namespace heddle::mixture {

class Permutation {
 public:
  // n >= 1 (DEMANDed).
  Permutation(uint64_t n, uint64_t key);

  uint64_t size() const { return n_; }
  // Of position < n (DEMANDed). Some tens of nanoseconds: it walks 4 rounds at most on average.
  uint64_t operator()(uint64_t position) const;

 private:
  uint64_t Round(uint64_t value) const;

  uint64_t n_, key_;
  int half_bits_ = 1;
};

}  // namespace heddle::mixture
