// How far the noised actions of two domains overlap: the Bhattacharyya coefficient
//
//     BC(p, q) = ∫ sqrt(p(y) q(y)) dy,    0 for distributions apart, 1 for equal ones.
//
// In the noise (signal level near 0) everything overlaps and all demonstrations guide together; near the data (signal
// near 1) distinct actions part, and one domain takes over. The curve against the signal level shows where. Three ways,
// from exact for a pair to an estimate for sets:
//
//   GaussianOverlap         two single actions: closed form.
//   MomentGaussianOverlap   two sets, each replaced by one Gaussian with its mean and covariance: an approximation. It
//                           is what a figure of overlapping Gaussians shows, and it calls sets of several modes alike
//                           that share their moments only.
//   MixtureOverlap          two sets as they are, as mixtures of Gaussians: an estimate with its standard error.
//
// All need noise (σ > 0) and throw kUsage without it, except where the closed form has a limit. The sets' figures are
// computed in double precision on the CPU, wherever the actions are.
#pragma once

#include <ATen/core/Tensor.h>

#include "heddle/core/random.h"
#include "heddle/theory/noise_path.h"

namespace heddle::theory {

// Two actions ‖a - b‖ = distance apart: N(α a, σ² I) and N(α b, σ² I) have BC = exp(-α² distance²/(8σ²)), in any number
// of dimensions. Without noise it is 0, or 1 for equal actions.
double GaussianOverlap(double distance, const NoiseLevel& level);

// The sets' means μ_k and covariances Σ_k (divided by their sizes) give C_k = α² Σ_k + σ² I; with C = (C_1 + C_2)/2 and
// δ = α(μ_1 - μ_2):  BC = |C_1|^¼ |C_2|^¼ / |C|^½ · exp(-δᵀ C⁻¹ δ / 8). An empty set throws kInput.
double MomentGaussianOverlap(const at::Tensor& actions_NA, const at::Tensor& actions_MA, const NoiseLevel& level);

struct OverlapEstimate {
  double value = 0;
  double standard_error = 0;
};

// p = 1/N Σ_i N(y; α a_i, σ² I) and q likewise. Drawn from their even mixture m = (p + q)/2, half from each, the
// coefficient is the mean of sqrt(pq)/m = 1/cosh((ln p - ln q)/2), which lies in [0, 1]: the standard error is at most
// 1/(2 sqrt(draws)). draws >= 4 and even (kUsage otherwise).
OverlapEstimate MixtureOverlap(const at::Tensor& actions_NA, const at::Tensor& actions_MA, const NoiseLevel& level,
                               int64_t draws, RandomStream& random);

}  // namespace heddle::theory
