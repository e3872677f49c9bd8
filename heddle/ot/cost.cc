#include "heddle/ot/cost.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::ot {
namespace {

void CheckClouds(const at::Tensor& x_Nd, const at::Tensor& y_Md) {
  tensor::CheckShape(x_Nd, "x_Nd", {tensor::kAny, tensor::kAny});
  tensor::CheckShape(y_Md, "y_Md", {tensor::kAny, x_Nd.size(1)});
  HEDDLE_DEMAND(x_Nd.is_floating_point() && x_Nd.scalar_type() == y_Md.scalar_type());
}

}  // namespace

at::Tensor SquaredEuclideanCost(const at::Tensor& x_Nd, const at::Tensor& y_Md) {
  CheckClouds(x_Nd, y_Md);
  // Constant for autograd, as no distance depends on it.
  const at::Tensor centre_d = (x_Nd.detach().mean(0) + y_Md.detach().mean(0)) / 2;
  const at::Tensor from_Nd = x_Nd - centre_d, to_Md = y_Md - centre_d;
  const at::Tensor squares_N1 = from_Nd.square().sum(1, /*keepdim=*/true);
  const at::Tensor squares_M = to_Md.square().sum(1);
  return at::addmm(squares_N1 + squares_M, from_Nd, to_Md.t(), 1, -2).clamp_min(0);
}

at::Tensor EuclideanCost(const at::Tensor& x_Nd, const at::Tensor& y_Md) {
  CheckClouds(x_Nd, y_Md);
  constexpr int64_t kByDifferences = 2;
  return at::cdist(x_Nd, y_Md, 2, kByDifferences);
}

}  // namespace heddle::ot
