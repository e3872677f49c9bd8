#include "heddle/ot/assignment.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/ot/auction.h"
#include "heddle/ot/cost.h"
#include "heddle/ot/sparse_assignment.h"
#include "heddle/tensor/views.h"

namespace heddle::ot {
namespace {

constexpr double kAuctionEpsilon = 1e-3;  // in shares of the mean cost
constexpr int64_t kFirstEdges = 12;       // of each row
constexpr double kSlack = 1e-12;          // in shares of the mean cost

class Dense {
 public:
  Dense(const double* cost, int64_t n) : cost_(cost), n_(n) {}

  double at(int64_t row, int64_t column) const { return cost_[row * n_ + column]; }
  int64_t n() const { return n_; }

  // c - v of a row.
  void Reduce(int64_t row, const std::vector<double>& column_dual, std::vector<double>& reduced) const {
    const double *costs = cost_ + row * n_, *dual = column_dual.data();
    for (size_t j = 0; j < reduced.size(); ++j) reduced[j] = costs[j] - dual[j];
  }

 private:
  const double* cost_;
  int64_t n_;
};

// Each row's cheapest edges at the auction's prices, and the one that it won: a way to assign all rows.
void AddFirstEdges(const Dense& dense, const AuctionOutcome& auction, SparseAssignment& sparse) {
  const int64_t count = std::min(kFirstEdges, dense.n());
  std::vector<double> reduced(static_cast<size_t>(dense.n()));
  std::vector<std::pair<double, int32_t>> least(static_cast<size_t>(dense.n()));
  for (int64_t row = 0; row < dense.n(); ++row) {
    dense.Reduce(row, sparse.column_dual(), reduced);
    for (size_t j = 0; j < reduced.size(); ++j) least[j] = {reduced[j], static_cast<int32_t>(j)};
    std::ranges::nth_element(least, least.begin() + (count - 1));
    const int32_t won = auction.column_of[static_cast<size_t>(row)];
    bool has_won = false;
    for (int64_t k = 0; k < count; ++k) {
      const int32_t column = least[static_cast<size_t>(k)].second;
      has_won |= column == won;
      sparse.Add(row, {column, dense.at(row, column)});
    }
    if (!has_won) sparse.Add(row, {won, dense.at(row, won)});
  }
}

// Adds the entries below the duals by more than `tolerance`. The largest excess, 0 for none.
double AddBelow(const Dense& dense, double tolerance, SparseAssignment& sparse) {
  std::vector<double> reduced(static_cast<size_t>(dense.n()));
  double most = 0;
  for (int64_t row = 0; row < dense.n(); ++row) {
    dense.Reduce(row, sparse.column_dual(), reduced);
    const double dual = sparse.row_dual()[static_cast<size_t>(row)];
    const double least = *std::ranges::min_element(reduced);
    most = std::max(most, dual - least);
    if (least >= dual - tolerance) continue;
    for (size_t j = 0; j < reduced.size(); ++j) {
      if (reduced[j] < dual - tolerance)
        sparse.Add(row, {static_cast<int32_t>(j), dense.at(row, static_cast<int64_t>(j))});
    }
  }
  return most;
}

}  // namespace

Assignment Assign(const at::Tensor& cost_NN) {
  HEDDLE_DEMAND(cost_NN.dim() == 2 && cost_NN.size(0) == cost_NN.size(1) && cost_NN.size(0) > 0);
  const at::Tensor costs_NN = cost_NN.detach().to(at::kDouble).contiguous();
  const double mean = costs_NN.abs().mean().item<double>();
  if (!std::isfinite(mean)) ThrowInput("a cost is not finite", "optimal transport");
  const Dense dense(costs_NN.const_data_ptr<double>(), costs_NN.size(0));
  const at::Tensor rough_NN = costs_NN.to(at::kFloat);
  const double unit = std::max(mean, std::numeric_limits<double>::min());
  const AuctionOutcome auction = Auction(tensor::ViewOf<float>(rough_NN), dense.n(), kAuctionEpsilon * unit);
  std::vector<double> column_dual;
  for (const float price : auction.prices) column_dual.push_back(-static_cast<double>(price));
  SparseAssignment sparse(dense.n(), std::move(column_dual));
  AddFirstEdges(dense, auction, sparse);
  Assignment assignment;
  do {
    sparse.Solve();
    assignment.slack = AddBelow(dense, kSlack * unit, sparse);
    ++assignment.rounds;
  } while (assignment.slack > kSlack * unit);
  assignment.column_of = sparse.column_of();
  assignment.row_dual = sparse.row_dual();
  assignment.column_dual = sparse.column_dual();
  for (int64_t row = 0; row < dense.n(); ++row)
    assignment.cost += dense.at(row, assignment.column_of[static_cast<size_t>(row)]);
  return assignment;
}

double WassersteinDistance(const at::Tensor& x_Nd, const at::Tensor& y_Nd, int p) {
  HEDDLE_DEMAND((p == 1 || p == 2) && x_Nd.sizes() == y_Nd.sizes());
  const at::Tensor squares_NN = SquaredEuclideanCost(x_Nd.to(at::kDouble), y_Nd.to(at::kDouble));
  const Assignment assignment = Assign(p == 2 ? squares_NN : squares_NN.sqrt());
  const double mean = assignment.cost / static_cast<double>(x_Nd.size(0));
  return p == 2 ? std::sqrt(std::max(0.0, mean)) : mean;
}

}  // namespace heddle::ot
