// The analytic optimum of co-training: the score that a net of unlimited capacity learns from finitely many
// demonstrations of K domains, with a kernel on latents. No training is involved.
//
// Letters as in the paper, K domains D_k with weights w_k, demonstrations i of domain k(i):
//
//   noised density   p_k(a^t, z) = 1/|D_k| Σ_{i in D_k} N(a^t; α_t a_i, σ_t² I) K(z, z_i)
//   domain share     ŵ_k = w_k p_k(a^t, z) / Σ_l w_l p_l(a^t, z)
//   co-trained score s*_w(a^t, z, t) = Σ_k ŵ_k s*_k = Σ_i g_i s_i,    s_i = (α_t a_i - a^t)/σ_t²
//   weights          g_i = softmax over i of ( ln(w_k/|D_k|) + ln K(z, z_i) - r_i² d/2 )
//   distance         r_i = ‖a^t - α_t a_i‖ / (σ_t √d),   d the size of an action (A below)
//
// so r_i² d/2 = ‖a^t - α_t a_i‖² / (2σ_t²): the factor d belongs there whenever r has √d in it (see
// heddle/theory/importance_weights.h). With x0 = Σ_i g_i a_i, the posterior mean of the clean action, the optimal
// noise prediction is ε* = (a^t - α_t x0)/σ_t, the score -ε*/σ_t, the velocity of flow matching x0 - ε*.
//
//   Q   queries: pairs of a noised action and an observation      N   demonstrations of all domains, in order
//
// Large σ (or α = 0) gives the average over all demonstrations that K leaves; small σ the demonstration nearest to
// a^t/α.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>
#include <vector>

#include "heddle/theory/domains.h"
#include "heddle/theory/kernel.h"
#include "heddle/theory/noise_path.h"

namespace heddle::theory {

// s*_w for a fixed set of Q observations, at any noise level. A value; thread-safe to read.
//
// What depends on the latents alone, ln(w_k/|D_k|) + ln K(z_q, z_i), is made once: in double, then kept in `dtype`
// (kFloat or kDouble), which is also that of the arguments and results of all functions, on the device of the
// demonstrations. Queries go through in blocks that stay in cache, each a matrix product, a softmax and another
// product: 1.8 ns a query, demonstration and level in float on one core. Many optima at once go best side by side, each
// on one thread.
//
// In float a weight is off by some 1e-7 · max‖a - mean‖²/σ² (relative): below 1e-2 at σ² = 5e-4 and actions of size 5.
class Optimum {
 public:
  // latents_Qd: the observations' z. Throws kBug for wrong shapes or values that are not finite.
  Optimum(const Demonstrations& demonstrations, const LatentKernel& kernel, const at::Tensor& latents_Qd,
          at::ScalarType dtype = at::ScalarType::Double);

  int64_t num_queries() const { return log_prior_QN_.size(0); }

  // All below throw kUsage at a level without noise (σ = 0) and kBug for a wrong shape or dtype.

  // g_i as [Q, N], rows sum to 1. noised_QA: a^t.
  at::Tensor Weights(const at::Tensor& noised_QA, const NoiseLevel& level) const;
  // x0 = Σ_i g_i a_i as [Q, A], without keeping the weights.
  at::Tensor PosteriorMean(const at::Tensor& noised_QA, const NoiseLevel& level) const;
  // ŵ_k as [Q, K], likewise, rows sum to 1.
  at::Tensor DomainShares(const at::Tensor& noised_QA, const NoiseLevel& level) const;

  // ε*, the score s*_w and the velocity, as [Q, A].
  at::Tensor Eps(const at::Tensor& noised_QA, const NoiseLevel& level) const;
  at::Tensor Score(const at::Tensor& noised_QA, const NoiseLevel& level) const;
  at::Tensor Velocity(const at::Tensor& noised_QA, const NoiseLevel& level) const;

  // Follows s*_w deterministically from start_QA at levels[0] through all levels to the last; on the linear path from
  // pure noise these are Euler steps of the velocity, on a variance-preserving one DDIM (the same step, see
  // heddle/theory/ddim.h). The start is drawn by the caller: N(0, 1) for a path that begins in noise. Each level but
  // the last has noise.
  at::Tensor Sample(const at::Tensor& start_QA, std::span<const NoiseLevel> levels) const;

 private:
  // Calls use(first_query, weights_BN) for one block of queries after the other; weights_BN is valid during the call.
  void ForEachBlock(const at::Tensor& noised_QA, const NoiseLevel& level,
                    const std::function<void(int64_t, const at::Tensor&)>& use) const;

  at::Tensor log_prior_QN_;     // ln(w_k/|D_k|) + ln K, each row's maximum at 0
  at::Tensor mean_1A_;          // subtracted from the actions: small numbers make small rounding errors
  at::Tensor pattern_CN_;       // C = A + 1 rows: the columns of a_i - mean, then ‖a_i - mean‖²
  std::vector<int64_t> first_;  // K + 1 offsets of the domains
};

}  // namespace heddle::theory
