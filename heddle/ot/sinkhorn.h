// Entropic optimal transport, balanced and unbalanced, in the log domain.
//
//   min over P >= 0 of  <P, C> + ε KL(P | a bᵀ) + ρ_a KL(P 1 | a) + ρ_b KL(Pᵀ 1 | b),
//   KL(p | q) = Σ p ln(p/q) - p + q
//
// An infinite ρ makes the marginal exact; both infinite is balanced transport, one is semi-relaxed. The answer is
//
//   P_ij = a_i b_j exp((f_i + g_j - C_ij)/ε)
//
// with potentials f and g found by Sinkhorn's alternation. In the letters of POT: reg = ε, reg_m = (ρ_a, ρ_b),
// reg_type 'kl'; balanced plans do not depend on which entropy is meant.
//
// Letters: N and M points of the two sides.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <limits>
#include <optional>

namespace heddle::ot {

struct SinkhornOptions {
  // ε, in units of the cost, > 0. Small is sharp and slow: iterations grow like max(C)/ε.
  double epsilon = 0.1;
  // ρ_a and ρ_b, in units of the cost, > 0. How far mass is carried before it is given up instead.
  double marginal_a = std::numeric_limits<double>::infinity();
  double marginal_b = std::numeric_limits<double>::infinity();
  // Converged when Σ_i |(P 1)_i - r_i| <= tolerance · Σ_i r_i, with r = a exp(-f/ρ_a) what the row sums of the optimum
  // with these potentials are (balanced: a itself), and the column sums right. In float32 nothing below about
  // 1e-7 · max(C)/ε can be reached.
  double tolerance = 1e-5;
  int64_t max_iterations = 2000;  // an iteration renews both potentials
};

// What is carried, and where to begin. Any of these may be undefined.
struct SinkhornProblem {
  at::Tensor a_N{}, b_M{};  // masses, all > 0, default 1/N and 1/M. Balanced transport needs equal sums.
  at::Tensor f_N{}, g_M{};  // potentials to begin with (a warm start), default 0
};

struct Transport {
  at::Tensor plan_NM;
  at::Tensor f_N, g_M;
  double cost = 0;       // <P, C>
  double objective = 0;  // all that is minimised, the entropy included
};

struct SinkhornResult {
  // Nothing if the iteration did not converge: then there is no plan and no number.
  std::optional<Transport> transport;
  int64_t iterations = 0;
  double residual = 0;  // what the tolerance is compared with; not finite where the cost is not
};

// Of cost_NM [N, M], float32 or float64, on any device; all is computed in that type and there. Autograd sees nothing
// of it: the plan is a constant. kUsage for an option out of range, kBug for shapes, kInput for masses that are not
// positive or do not match.
SinkhornResult Sinkhorn(const at::Tensor& cost_NM, const SinkhornOptions& options = {},
                        const SinkhornProblem& problem = {});

// The Sinkhorn divergence OT(x, y) - OT(x, x)/2 - OT(y, y)/2 of the objectives, between clouds of uniform mass 1: zero
// for equal clouds, positive else (for the costs of heddle/ot/cost.h). Nothing if one of the three did not converge.
std::optional<double> SinkhornDivergence(const at::Tensor& cost_xy, const at::Tensor& cost_xx,
                                         const at::Tensor& cost_yy, const SinkhornOptions& options = {});

}  // namespace heddle::ot
