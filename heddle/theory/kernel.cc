#include "heddle/theory/kernel.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::theory {
namespace {

// ‖x_q - y_i‖² by a matrix product, both shifted by the mean of y so that the terms that cancel are small.
at::Tensor SquaredDistances(const at::Tensor& x_Qd, const at::Tensor& y_Nd) {
  const at::Tensor mean_1d = y_Nd.mean(0, /*keepdim=*/true);
  const at::Tensor x = x_Qd - mean_1d, y = y_Nd - mean_1d;
  const at::Tensor bias_QN = x.square().sum(1, /*keepdim=*/true) + y.square().sum(1);
  return bias_QN.addmm_(x, y.t(), /*beta=*/1, /*alpha=*/-2).clamp_min_(0);
}

// Mean over i of ln 1/(N-1) Σ_{j≠i} N(z_i; z_j, h² I); the distances' diagonal is infinite.
double LeaveOneOut(const at::Tensor& squares_NN, int64_t dimension, double h) {
  const auto others = static_cast<double>(squares_NN.size(0) - 1);
  const double normaliser =
      std::log(others) + static_cast<double>(dimension) / 2 * std::log(2 * std::numbers::pi * h * h);
  return at::logsumexp(squares_NN * (-0.5 / (h * h)), 1).mean().item<double>() - normaliser;
}

// The maximum of a function that has one in [low, high], by golden section; both are logarithms.
template <class Function>
double GoldenMaximum(double low, double high, double tolerance, const Function& f) {
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double left = high - ratio * (high - low), right = low + ratio * (high - low);
  double at_left = f(left), at_right = f(right);
  while (high - low > tolerance) {
    if (at_left >= at_right) {
      high = right, right = left, at_right = at_left;
      left = high - ratio * (high - low), at_left = f(left);
    } else {
      low = left, left = right, at_left = at_right;
      right = low + ratio * (high - low), at_right = f(right);
    }
  }
  return (low + high) / 2;
}

}  // namespace

LatentKernel LatentKernel::Gaussian(double h) {
  if (!(std::isfinite(h) && h > 0)) ThrowUsage("the kernel's width is " + std::to_string(h), "", "it must be positive");
  return {Kind::kGaussian, h};
}

at::Tensor LogKernel(const LatentKernel& kernel, const at::Tensor& queries_Qd, const at::Tensor& latents_Nd) {
  tensor::CheckShape(queries_Qd, "queries_Qd", {tensor::kAny, latents_Nd.size(1)});
  if (kernel.kind == LatentKernel::Kind::kFlat) {
    return at::zeros({queries_Qd.size(0), latents_Nd.size(0)}, latents_Nd.options().dtype(at::kDouble));
  }
  return SquaredDistances(queries_Qd.to(at::kDouble), latents_Nd.to(at::kDouble))
      .mul_(-0.5 / (kernel.width * kernel.width));
}

KernelWidth WidthByLeaveOneOut(const at::Tensor& latents_Nd, int grid) {
  tensor::CheckShape(latents_Nd, "latents_Nd", {tensor::kAny, tensor::kAny}, ErrorKind::kInput);
  tensor::CheckFinite(latents_Nd, "latents_Nd", ErrorKind::kInput);
  if (latents_Nd.size(0) < 3) ThrowInput("a kernel's width needs at least 3 latents");
  if (grid < 3) ThrowUsage("a search for the kernel's width needs at least 3 candidates");

  const at::Tensor z_Nd = latents_Nd.to(at::kDouble);
  const at::Tensor squares_NN = SquaredDistances(z_Nd, z_Nd);
  const double root_mean_square = std::sqrt(squares_NN.mean().item<double>());
  squares_NN.fill_diagonal_(std::numeric_limits<double>::infinity());
  const at::Tensor nearest_N = std::get<0>(squares_NN.min(1)).sqrt();
  // Distances below this are rounding errors of copies, and make no scale.
  const at::Tensor apart = nearest_N.masked_select(nearest_N > 1e-7 * root_mean_square);
  if (apart.numel() == 0) {
    ThrowInput("the kernel's width can't be chosen: every latent has an exact copy", "", "drop the copies");
  }
  const double low = std::log(apart.min().item<double>() / 2), high = std::log(root_mean_square * 2);

  const auto likelihood = [&](double log_h) { return LeaveOneOut(squares_NN, z_Nd.size(1), std::exp(log_h)); };
  KernelWidth result;
  for (int k = 0; k < grid; ++k) {
    const double log_h = low + (high - low) * k / (grid - 1);
    result.widths.push_back(std::exp(log_h));
    result.log_likelihood.push_back(likelihood(log_h));
  }
  const auto best = std::ranges::max_element(result.log_likelihood) - result.log_likelihood.begin();
  if (best == 0 || best == grid - 1) {
    ThrowInput("the kernel's width can't be chosen: the leave-one-out likelihood has no maximum between " +
                   std::to_string(result.widths.front()) + " and " + std::to_string(result.widths.back()),
               "", "many latents are copies of each other; drop the copies");
  }
  result.width =
      std::exp(GoldenMaximum(std::log(result.widths[best - 1]), std::log(result.widths[best + 1]), 1e-4, likelihood));
  return result;
}

}  // namespace heddle::theory
