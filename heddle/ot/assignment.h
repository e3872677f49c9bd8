// Exact optimal transport between two clouds of one size and uniform masses: the assignment of least cost.
//
//   W_p^p = min over permutations σ of  1/N Σ_i c(x_i, y_σ(i)),   c = ‖x - y‖^p
//
// An auction finds prices that are nearly right (heddle/ot/auction.h); only edges that these leave nearly free can be
// part of the optimum, and among them it is found exactly (heddle/ot/sparse_assignment.h). Then every entry of the cost
// is held against the duals: one that is below joins the edges, until none is. So the answer does not rest on the
// prices being good, only its speed does.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace heddle::ot {

struct Assignment {
  std::vector<int32_t> column_of;  // row -> column
  double cost = 0;                 // the sum over rows
  // The proof: u_i + v_j <= c_ij everywhere, within `slack`, so that no assignment costs less than Σu + Σv.
  std::vector<double> row_dual, column_dual;
  double slack = 0;
  int64_t rounds = 0;  // how often all entries were held against the duals
};

// cost_NN [N, N], float32 or float64, on the CPU; computed in double. kInput for a cost that is not finite, kBug for
// shapes.
Assignment Assign(const at::Tensor& cost_NN);

// W_p between clouds [N, d] of one size, p = 1 or 2, as a distance (the p-th root is taken).
double WassersteinDistance(const at::Tensor& x_Nd, const at::Tensor& y_Nd, int p);

}  // namespace heddle::ot
