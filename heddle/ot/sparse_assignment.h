// The cheapest assignment along given edges, by shortest augmenting paths, with the duals that prove it.
//
// Edges can be added afterwards, and what they change is mended: only the rows whose best edge is new are assigned
// again.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace heddle::ot {

struct Edge {
  int32_t column = 0;
  double cost = 0;
};

class SparseAssignment {
 public:
  // A first guess of the columns' duals: any is right, a good one is fast.
  SparseAssignment(int64_t n, std::vector<double> column_dual);

  void Add(int64_t row, Edge edge) { edges_[static_cast<size_t>(row)].push_back(edge); }
  // Assigns every row. kBug if the edges leave no way to.
  void Solve();

  // row -> column; u_i + v_j <= c_ij on all edges, and equal on the chosen ones, but for rounding.
  const std::vector<int32_t>& column_of() const { return column_of_; }
  const std::vector<double>& row_dual() const { return row_dual_; }
  const std::vector<double>& column_dual() const { return column_dual_; }

 private:
  void Lower(size_t row);    // the row's dual to what its edges allow; it is let go if its column is no longer its best
  void Augment(size_t row);  // along the shortest path to a column that nobody has

  struct Reached {
    double distance = 0;
    int32_t from_row = -1;
    int64_t search = 0;  // in which this was written
    bool is_final = false;
  };

  std::vector<std::vector<Edge>> edges_;
  std::vector<double> row_dual_, column_dual_;
  std::vector<int32_t> column_of_, row_of_;
  std::vector<Reached> reached_;
  int64_t search_ = 0;
};

}  // namespace heddle::ot
