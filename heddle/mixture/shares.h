// How many rows of each batch every source gets when batches are stratified, and how many it had before any step.
//
// With P_s the sum of the first s probabilities and B the batch's size, source s gets in step t
//   n_s(t) = floor(B P_s + phi_t) - floor(B P_(s-1) + phi_t),    phi_t = frac(phi_0 + t alpha),
// alpha the golden ratio's fraction: B p_s rounded down or up, B in sum, and the remainder goes round so evenly that
// the long run's share is p_s. All numbers are multiples of 2^-32, so the sum of n_s over the steps before t is one of
// floors of a line, which Euclid's algorithm gives in O(log): no state, any step at once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::mixture {

class Shares {
 public:
  // Weights as CheckSources lets them pass; `phase` is phi_0 in units of 2^-32. batch 1 .. 2^20 (usage error).
  Shares(std::span<const double> weights, int64_t batch, uint32_t phase);

  int64_t batch() const { return batch_; }
  size_t size() const { return edges_.size(); }
  // Rows of every source in the step; step 0 .. 2^31 (DEMANDed).
  std::vector<int64_t> Of(int64_t step) const;
  // Rows of the source in all steps before this one.
  int64_t Before(size_t source, int64_t step) const;

 private:
  uint64_t BelowEdge(uint64_t edge, int64_t step) const;

  int64_t batch_;
  uint64_t phase_;
  std::vector<uint64_t> edges_;  // B P_s in units of 2^-32
};

// Sum of floor((a i + b) / m) over i = 0 .. n-1, modulo 2^64. n, a, m < 2^32 and b < 2^63 (DEMANDed).
uint64_t FloorSum(uint64_t n, uint64_t m, uint64_t a, uint64_t b);

}  // namespace heddle::mixture
