// What it costs to carry one point onto another.
//
// Letters: N and M points of two clouds, d numbers a point.
#pragma once

#include <ATen/core/Tensor.h>

namespace heddle::ot {

// cost_NM = ‖x_n - y_m‖², never negative, differentiable in both clouds. One matrix product, after both clouds are
// moved by their common mean, which changes no distance: clouds far from the origin keep their digits, and a cost is
// exact to about 1e-7 (float32) of the squared size of the clouds. kBug unless both are [any, d] and of one
// floating-point type.
at::Tensor SquaredEuclideanCost(const at::Tensor& x_Nd, const at::Tensor& y_Md);

// cost_NM = ‖x_n - y_m‖, by differences: exact where points are close. Where two points coincide the gradient is 0.
// Slower than the above: N · M · d operations that are no matrix product.
at::Tensor EuclideanCost(const at::Tensor& x_Nd, const at::Tensor& y_Md);

}  // namespace heddle::ot
