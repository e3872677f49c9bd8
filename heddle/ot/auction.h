// Prices at which every row finds a column of its own nearly the cheapest: where an exact assignment begins.
//
// Bertsekas' auction: a row that has none bids for the column that is cheapest for it at the prices of now, as much as
// makes it no better than its second choice, and epsilon more; whoever had it goes without. In the end each row's
// column is within epsilon of its cheapest. Epsilon is lowered in stages, each beginning with the prices of the last,
// which keeps rows with nearly equal costs from outbidding each other by trifles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::ot {

struct AuctionOutcome {
  std::vector<float> prices;       // of the columns
  std::vector<int32_t> column_of;  // row -> column, a permutation
  int64_t bids = 0;
};

// cost_NN row by row, finite. `epsilon` > 0: of the last stage, in units of the cost.
AuctionOutcome Auction(std::span<const float> cost_NN, int64_t n, double epsilon);

}  // namespace heddle::ot
