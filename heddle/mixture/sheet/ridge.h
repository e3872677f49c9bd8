// Linear models with a little ridge: what one domain says of another without training anything larger.
#pragma once

#include <cstdint>
#include <vector>

namespace heddle::mixture {

// Rows of inputs x [n, d] and outputs y [n, k], row after row.
struct RegressionRows {
  int64_t inputs = 0, outputs = 0;
  std::vector<double> x, y;

  int64_t rows() const { return inputs == 0 ? 0 : static_cast<int64_t>(x.size()) / inputs; }
  void Append(const RegressionRows& more);
};

// y = W [(x - mean) / std; 1]: least squares with the penalty 1e-3 n |W|^2 (not on the constant). Inputs that do not
// vary are left out.
class RidgeModel {
 public:
  // At least one row, sizes that fit (DEMANDed).
  explicit RidgeModel(const RegressionRows& rows);

  // Mean over rows and outputs of ((y - prediction) / scale)^2; an output of scale 0 is left out, 0 if all are.
  double ErrorOn(const RegressionRows& rows, const std::vector<double>& scale) const;

 private:
  int64_t inputs_, outputs_;
  std::vector<double> mean_, inverse_std_;
  std::vector<double> weights_;  // [inputs + 1, outputs]
};

// The standard deviation of each output; one below 1e-9 of the largest is 0.
std::vector<double> OutputScales(const RegressionRows& rows);

}  // namespace heddle::mixture
