// K(z, z_i): how much a demonstration with latent z_i counts for an observation with latent z.
//
// Without a kernel every demonstration of every state would compete for an action. Training with Gaussian noise of
// standard deviation h on the conditioning makes K exactly Gaussian(h). A flat kernel (K = 1) is the unconditional
// case. K enters the weights through its logarithm and up to a constant, which cancels: LogKernel leaves it out.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace heddle::theory {

struct LatentKernel {
  enum class Kind { kGaussian, kFlat };
  Kind kind = Kind::kFlat;
  double width = 0;  // h, in the latents' own unit; Gaussian only

  // Throws kUsage unless h is finite and positive.
  static LatentKernel Gaussian(double h);
  static LatentKernel Flat() { return {}; }
};

// ln K(z_q, z_i) + const as [Q, N]: -‖z_q - z_i‖²/(2h²), or zeros. Double precision, by one matrix product; an entry is
// off by at most some 1e-15 · max(‖z - mean‖²)/h².
at::Tensor LogKernel(const LatentKernel& kernel, const at::Tensor& queries_Qd, const at::Tensor& latents_Nd);

// How the width was chosen, to be written beside every result that uses it.
struct KernelWidth {
  double width = 0;                    // the h of greatest leave-one-out likelihood
  std::vector<double> widths;          // the grid that was searched, ascending
  std::vector<double> log_likelihood;  // mean over i of ln 1/(N-1) Σ_{j≠i} N(z_i; z_j, h² I), one for each of `widths`
};

// The kernel's width by leave-one-out likelihood: first on a geometric grid of `grid` widths from half the smallest
// nearest-neighbour distance to twice the root-mean-square distance, then refined between the neighbours of the best
// one (to 1e-4 of its size). Needs N >= 3. Throws kInput where the likelihood has no maximum inside the grid: many
// latents are exact copies of each other (the likelihood then grows without bound as h falls), or all of them are
// equal. Time and memory are O(N²).
KernelWidth WidthByLeaveOneOut(const at::Tensor& latents_Nd, int grid = 40);

}  // namespace heddle::theory
