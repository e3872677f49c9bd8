#include "heddle/mixture/shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

constexpr uint64_t kOne = uint64_t{1} << 32;
constexpr uint64_t kAlpha = 2654435769;  // (sqrt(5) - 1) / 2, odd
constexpr int64_t kMaxBatch = 1 << 20;
constexpr int64_t kMaxStep = int64_t{1} << 31;

}  // namespace

uint64_t FloorSum(uint64_t n, uint64_t m, uint64_t a, uint64_t b) {
  HEDDLE_DEMAND(n < kOne && m >= 1 && m <= kOne && a <= kOne && b < (uint64_t{1} << 63));
  uint64_t sum = 0;
  while (n > 0) {
    sum += n * (n - 1) / 2 * (a / m) + n * (b / m);
    a %= m;
    b %= m;
    const uint64_t top = a * n + b;
    if (top < m) break;
    // The same lattice points, counted along the other axis.
    n = top / m;
    b = top % m;
    std::swap(a, m);
  }
  return sum;
}

Shares::Shares(std::span<const double> weights, int64_t batch, uint32_t phase) : batch_(batch), phase_(phase) {
  if (batch < 1 || batch > kMaxBatch) {
    ThrowUsage("a batch of " + std::to_string(batch) + " rows is not possible", "batch_size",
               "give a number from 1 to " + std::to_string(kMaxBatch));
  }
  const double whole = std::accumulate(weights.begin(), weights.end(), 0.0);
  HEDDLE_DEMAND(whole > 0);
  const double end = static_cast<double>(batch) * static_cast<double>(kOne);
  double sum = 0;
  for (const double weight : weights) {
    sum += weight;
    edges_.push_back(static_cast<uint64_t>(std::min(std::round(sum / whole * end), end)));
  }
  // The last source that is drawn at all ends at B, whatever was rounded.
  const uint64_t last = edges_.back();
  for (uint64_t& edge : edges_) {
    if (edge == last) edge = static_cast<uint64_t>(batch) * kOne;
  }
}

std::vector<int64_t> Shares::Of(int64_t step) const {
  HEDDLE_DEMAND(step >= 0 && step < kMaxStep);
  const uint64_t phase = (phase_ + static_cast<uint64_t>(step) * kAlpha) % kOne;
  std::vector<int64_t> rows;
  uint64_t before = 0;
  for (const uint64_t edge : edges_) {
    const uint64_t upto = (edge + phase) / kOne;
    rows.push_back(static_cast<int64_t>(upto - before));
    before = upto;
  }
  return rows;
}

uint64_t Shares::BelowEdge(uint64_t edge, int64_t step) const {
  const auto n = static_cast<uint64_t>(step);
  return FloorSum(n, kOne, kAlpha, edge + phase_) - FloorSum(n, kOne, kAlpha, phase_);
}

int64_t Shares::Before(size_t source, int64_t step) const {
  HEDDLE_DEMAND(source < edges_.size() && step >= 0 && step <= kMaxStep);
  const uint64_t lower = source == 0 ? 0 : BelowEdge(edges_[source - 1], step);
  return static_cast<int64_t>(BelowEdge(edges_[source], step) - lower);
}

}  // namespace heddle::mixture
