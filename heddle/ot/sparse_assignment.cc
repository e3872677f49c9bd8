#include "heddle/ot/sparse_assignment.h"

#include <algorithm>
#include <functional>
#include <queue>

#include "heddle/core/check.h"

namespace heddle::ot {
namespace {

constexpr int32_t kNone = -1;

}  // namespace

SparseAssignment::SparseAssignment(int64_t n, std::vector<double> column_dual)
    : edges_(static_cast<size_t>(n)),
      row_dual_(static_cast<size_t>(n), 0),
      column_dual_(std::move(column_dual)),
      column_of_(static_cast<size_t>(n), kNone),
      row_of_(static_cast<size_t>(n), kNone),
      reached_(static_cast<size_t>(n)) {
  HEDDLE_DEMAND(column_dual_.size() == edges_.size());
}

void SparseAssignment::Lower(size_t row) {
  HEDDLE_DEMAND(!edges_[row].empty());
  const auto reduced = [this](const Edge& edge) { return edge.cost - column_dual_[static_cast<size_t>(edge.column)]; };
  const Edge best = *std::ranges::min_element(edges_[row], {}, reduced);
  const bool is_new = column_of_[row] == kNone || reduced(best) < row_dual_[row];
  if (!is_new) return;
  row_dual_[row] = reduced(best);
  if (column_of_[row] != kNone) row_of_[static_cast<size_t>(column_of_[row])] = kNone;
  column_of_[row] = kNone;
  int32_t& holder = row_of_[static_cast<size_t>(best.column)];
  if (holder != kNone) return;
  holder = static_cast<int32_t>(row);
  column_of_[row] = best.column;
}

void SparseAssignment::Augment(size_t row) {
  using Entry = std::pair<double, int32_t>;  // distance, column
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  std::vector<int32_t> final_columns;
  ++search_;
  const auto look_from = [&](size_t from, double distance) {
    for (const Edge& edge : edges_[from]) {
      const auto column = static_cast<size_t>(edge.column);
      Reached& reached = reached_[column];
      if (reached.search == search_ && reached.is_final) continue;
      // Rounding may leave a trace below 0.
      const double further = distance + std::max(0.0, edge.cost - row_dual_[from] - column_dual_[column]);
      if (reached.search == search_ && reached.distance <= further) continue;
      reached = {further, static_cast<int32_t>(from), search_, false};
      open.emplace(further, edge.column);
    }
  };
  look_from(row, 0);
  for (;;) {
    HEDDLE_DEMAND(!open.empty());
    const auto [distance, column] = open.top();
    open.pop();
    Reached& reached = reached_[static_cast<size_t>(column)];
    if (reached.is_final || distance > reached.distance) continue;
    reached.is_final = true;
    final_columns.push_back(column);
    if (row_of_[static_cast<size_t>(column)] == kNone) break;
    look_from(static_cast<size_t>(row_of_[static_cast<size_t>(column)]), distance);
  }
  const double whole = reached_[static_cast<size_t>(final_columns.back())].distance;
  for (const int32_t column : final_columns) {
    const double left = whole - reached_[static_cast<size_t>(column)].distance;
    column_dual_[static_cast<size_t>(column)] -= left;
    const int32_t holder = row_of_[static_cast<size_t>(column)];
    if (holder != kNone) row_dual_[static_cast<size_t>(holder)] += left;
  }
  row_dual_[row] += whole;
  for (int32_t column = final_columns.back(); column != kNone;) {
    const int32_t from = reached_[static_cast<size_t>(column)].from_row;
    row_of_[static_cast<size_t>(column)] = from;
    std::swap(column, column_of_[static_cast<size_t>(from)]);
    if (static_cast<size_t>(from) == row) break;
  }
}

void SparseAssignment::Solve() {
  for (size_t row = 0; row < edges_.size(); ++row) Lower(row);
  for (size_t row = 0; row < edges_.size(); ++row) {
    if (column_of_[row] == kNone) Augment(row);
  }
}

}  // namespace heddle::ot
