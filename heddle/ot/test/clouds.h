// Random clouds, made from literal seeds, and the reference values of testdata/ot, made by POT.
#pragma once

#include <ATen/ATen.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "heddle/core/random.h"

namespace heddle::ot {

inline at::Tensor Cloud(uint64_t seed, int64_t count, int64_t size, double shift = 0) {
  RandomStream random(seed, "cloud");
  at::Tensor points_Nd = at::empty({count, size}, at::kDouble);
  for (int64_t k = 0; k < points_Nd.numel(); ++k) points_Nd.mutable_data_ptr<double>()[k] = random.Normal() + shift;
  return points_Nd;
}

inline double MaxDifference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

inline nlohmann::json ReferenceCases() {
  std::ifstream file(HEDDLE_TESTDATA "/ot/ot.json");
  return nlohmann::json::parse(file).at("cases");
}

inline at::Tensor VectorOf(const nlohmann::json& numbers) {
  return at::tensor(numbers.get<std::vector<double>>(), at::kDouble);
}

inline at::Tensor MatrixOf(const nlohmann::json& rows) {
  std::vector<at::Tensor> parts;
  for (const auto& row : rows) parts.push_back(VectorOf(row));
  return at::stack(parts);
}

}  // namespace heddle::ot
