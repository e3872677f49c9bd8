#include "heddle/mixture/sheet/ridge.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"

namespace heddle::mixture {
namespace {

constexpr double kPenalty = 1e-3;

size_t Size(int64_t value) { return static_cast<size_t>(value); }

// The standard deviation of each of `dims` columns, 0 where it is but rounding; `mean` gets their means.
std::vector<double> Deviations(const std::vector<double>& values, int64_t dims, std::vector<double>& mean) {
  const int64_t rows = static_cast<int64_t>(values.size()) / dims;
  std::vector<double> squares(Size(dims));
  mean.assign(Size(dims), 0);
  for (size_t i = 0; i < values.size(); ++i) mean[i % Size(dims)] += values[i] / static_cast<double>(rows);
  for (size_t i = 0; i < values.size(); ++i) {
    const double from_mean = values[i] - mean[i % Size(dims)];
    squares[i % Size(dims)] += from_mean * from_mean / static_cast<double>(rows);
  }
  for (size_t i = 0; i < squares.size(); ++i) {
    squares[i] = std::sqrt(squares[i]);
    if (squares[i] <= 1e-9 * std::abs(mean[i])) squares[i] = 0;
  }
  return squares;
}

// Solves A X = B in place by Cholesky's factor of the symmetric, positive definite A [d, d]; B is [d, k].
void SolveInPlace(std::vector<double>& a, std::vector<double>& b, size_t d, size_t k) {
  for (size_t j = 0; j < d; ++j) {
    for (size_t l = 0; l < j; ++l) a[j * d + j] -= a[j * d + l] * a[j * d + l];
    HEDDLE_DEMAND(a[j * d + j] > 0);
    a[j * d + j] = std::sqrt(a[j * d + j]);
    for (size_t i = j + 1; i < d; ++i) {
      for (size_t l = 0; l < j; ++l) a[i * d + j] -= a[i * d + l] * a[j * d + l];
      a[i * d + j] /= a[j * d + j];
    }
  }
  for (size_t column = 0; column < k; ++column) {
    for (size_t i = 0; i < d; ++i) {
      for (size_t l = 0; l < i; ++l) b[i * k + column] -= a[i * d + l] * b[l * k + column];
      b[i * k + column] /= a[i * d + i];
    }
    for (size_t i = d; i-- > 0;) {
      for (size_t l = i + 1; l < d; ++l) b[i * k + column] -= a[l * d + i] * b[l * k + column];
      b[i * k + column] /= a[i * d + i];
    }
  }
}

}  // namespace

void RegressionRows::Append(const RegressionRows& more) {
  HEDDLE_DEMAND(inputs == more.inputs && outputs == more.outputs);
  x.insert(x.end(), more.x.begin(), more.x.end());
  y.insert(y.end(), more.y.begin(), more.y.end());
}

RidgeModel::RidgeModel(const RegressionRows& rows) : inputs_(rows.inputs), outputs_(rows.outputs) {
  const int64_t n = rows.rows();
  HEDDLE_DEMAND(n > 0 && rows.y.size() == Size(n * outputs_));
  inverse_std_ = Deviations(rows.x, inputs_, mean_);
  const double largest = std::ranges::max(inverse_std_);
  for (double& value : inverse_std_) value = value > 1e-9 * largest ? 1 / value : 0;  // none where all are still
  const size_t d = Size(inputs_ + 1), k = Size(outputs_);
  std::vector<double> gram(d * d), input(d);
  weights_.assign(d * k, 0);
  for (int64_t row = 0; row < n; ++row) {
    for (size_t i = 0; i + 1 < d; ++i) input[i] = (rows.x[Size(row) * (d - 1) + i] - mean_[i]) * inverse_std_[i];
    input[d - 1] = 1;
    for (size_t i = 0; i < d; ++i) {
      for (size_t j = 0; j <= i; ++j) gram[i * d + j] += input[i] * input[j];
      for (size_t j = 0; j < k; ++j) weights_[i * k + j] += input[i] * rows.y[Size(row) * k + j];
    }
  }
  for (size_t i = 0; i + 1 < d; ++i) gram[i * d + i] += kPenalty * static_cast<double>(n);
  SolveInPlace(gram, weights_, d, k);
}

double RidgeModel::ErrorOn(const RegressionRows& rows, const std::vector<double>& scale) const {
  const size_t d = Size(inputs_), k = Size(outputs_);
  HEDDLE_DEMAND(rows.inputs == inputs_ && rows.outputs == outputs_ && scale.size() == k);
  double sum = 0;
  int64_t count = 0;
  for (int64_t row = 0; row < rows.rows(); ++row) {
    for (size_t j = 0; j < k; ++j) {
      if (scale[j] == 0) continue;
      double value = weights_[d * k + j];
      for (size_t i = 0; i < d; ++i) {
        value += weights_[i * k + j] * (rows.x[Size(row) * d + i] - mean_[i]) * inverse_std_[i];
      }
      const double off = (rows.y[Size(row) * k + j] - value) / scale[j];
      sum += off * off;
      ++count;
    }
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::vector<double> OutputScales(const RegressionRows& rows) {
  std::vector<double> mean;
  std::vector<double> scales = Deviations(rows.y, rows.outputs, mean);
  const double largest = std::ranges::max(scales);
  for (double& scale : scales) scale = scale > 1e-9 * largest ? scale : 0;
  return scales;
}

}  // namespace heddle::mixture
