#include "heddle/data/audit/moments.h"

#include <algorithm>
#include <cmath>

namespace heddle::data::audit {

void Moments::Add(double value) {
  if (!std::isfinite(value)) return;
  min = count == 0 ? value : std::min(min, value);
  max = count == 0 ? value : std::max(max, value);
  ++count;
  const double delta = value - mean;
  mean += delta / static_cast<double>(count);
  sum_of_squares += delta * (value - mean);
}

double Moments::deviation() const {
  return count == 0 ? 0 : std::sqrt(std::max(0.0, sum_of_squares / static_cast<double>(count)));
}

void AddRows(const Numbers& numbers, std::vector<Moments>& moments) {
  moments.resize(std::max(moments.size(), static_cast<size_t>(numbers.dims)));
  for (int64_t row = 0; row < numbers.rows; ++row) {
    for (int64_t dim = 0; dim < numbers.dims; ++dim) moments[static_cast<size_t>(dim)].Add(numbers.At(row, dim));
  }
}

}  // namespace heddle::data::audit
