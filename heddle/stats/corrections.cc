#include "heddle/stats/corrections.h"

#include <algorithm>
#include <numeric>

#include "heddle/core/check.h"

namespace heddle::stats {

std::vector<double> HolmP(std::span<const double> p, int64_t family) {
  HEDDLE_DEMAND(family >= static_cast<int64_t>(p.size()));
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double largest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const auto left = static_cast<double>(family - static_cast<int64_t>(rank));
    largest = std::max(largest, std::min(1.0, left * p[order[rank]]));
    corrected[order[rank]] = largest;
  }
  return corrected;
}

}  // namespace heddle::stats
