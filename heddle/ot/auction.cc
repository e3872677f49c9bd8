#include "heddle/ot/auction.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "heddle/core/check.h"

namespace heddle::ot {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int32_t kNone = -1;
constexpr int64_t kLanes = 16;
constexpr double kFirstShare = 0.2, kLowerBy = 0.2;  // of the cost's spread; from stage to stage

// The cheapest of a row at some prices, and what the second cheapest costs.
struct Choice {
  int32_t column = kNone;
  float best = kInfinity, second = kInfinity;

  void Take(int32_t at, float value) {
    if (value < best) {
      second = best;
      best = value;
      column = at;
    } else {
      second = std::min(second, value);
    }
  }
};

Choice Choose(const float* cost, const float* prices, int64_t n) {
  std::array<float, kLanes> best, second;
  std::array<int32_t, kLanes> block{};
  best.fill(kInfinity), second.fill(kInfinity);
  const int64_t blocks = n / kLanes;
  for (int64_t b = 0; b < blocks; ++b) {
    const float *costs = cost + b * kLanes, *at = prices + b * kLanes;
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const float value = costs[lane] + at[lane];
      const bool better = value < best[lane];
      second[lane] = better ? best[lane] : std::min(second[lane], value);
      block[lane] = better ? static_cast<int32_t>(b) : block[lane];
      best[lane] = better ? value : best[lane];
    }
  }
  Choice choice;
  for (size_t lane = 0; lane < kLanes; ++lane) {
    choice.Take(static_cast<int32_t>(block[lane] * kLanes + static_cast<int64_t>(lane)), best[lane]);
    choice.second = std::min(choice.second, second[lane]);
  }
  for (int64_t j = blocks * kLanes; j < n; ++j) choice.Take(static_cast<int32_t>(j), cost[j] + prices[j]);
  return choice;
}

// One stage: from no row having a column to all having one. Returns the number of bids.
int64_t Stage(std::span<const float> cost_NN, int64_t n, float epsilon, AuctionOutcome& outcome) {
  std::vector<int32_t> row_of(static_cast<size_t>(n), kNone), waiting(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) waiting[static_cast<size_t>(i)] = static_cast<int32_t>(n - 1 - i);
  int64_t bids = 0;
  while (!waiting.empty()) {
    const int32_t row = waiting.back();
    waiting.pop_back();
    const Choice choice = Choose(cost_NN.data() + row * n, outcome.prices.data(), n);
    const auto column = static_cast<size_t>(choice.column);
    const float raise = n > 1 ? choice.second - choice.best + epsilon : epsilon;
    float& price = outcome.prices[column];
    price =
        std::max(price + raise, std::nextafter(price, kInfinity));  // a bid that rounding swallows would go on for ever
    if (row_of[column] != kNone) waiting.push_back(row_of[column]);
    row_of[column] = row;
    ++bids;
  }
  for (size_t j = 0; j < row_of.size(); ++j)
    outcome.column_of[static_cast<size_t>(row_of[j])] = static_cast<int32_t>(j);
  return bids;
}

}  // namespace

AuctionOutcome Auction(std::span<const float> cost_NN, int64_t n, double epsilon) {
  HEDDLE_DEMAND(n > 0 && cost_NN.size() == static_cast<size_t>(n * n) && epsilon > 0);
  AuctionOutcome outcome{std::vector<float>(static_cast<size_t>(n), 0), std::vector<int32_t>(static_cast<size_t>(n)),
                         0};
  const auto [low, high] = std::ranges::minmax(cost_NN);
  double stage = std::max(epsilon, kFirstShare * static_cast<double>(high - low));
  for (;;) {
    outcome.bids += Stage(cost_NN, n, static_cast<float>(stage), outcome);
    if (stage <= epsilon) return outcome;
    stage = std::max(epsilon, stage * kLowerBy);
  }
}

}  // namespace heddle::ot
