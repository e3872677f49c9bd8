// Who steers an action: reading the importance weights g_i of heddle/theory/optimum.h.
//
// At a noise level and a noised action, g_i says how much demonstration i pulls. Summed by domain it says whose data
// acts; its largest entries are the demonstrations of the same stage of the task.
//
// The paper writes the ratio of one target and one surrogate demonstration as
//
//     g_r/g_s = (1 - w_N)/w_N · w/(1 - w) · exp((r_s² - r_r²)/2),    w_N = N/(N + M), flat kernel,
//
// without a factor d in the exponent. With r = ‖a^t - α_t a‖/(σ_t √d), which that paper also writes, this is right only
// for d = 1. For any d it is exp((r_s² - r_r²) d/2), and that is what LogWeightRatio has.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

#include "heddle/theory/noise_path.h"

namespace heddle::theory {

// ŵ_k = Σ_{i in D_k} g_i as [Q, K]. first: K + 1 offsets, as in Demonstrations.
at::Tensor SumByDomain(const at::Tensor& weights_QN, std::span<const int64_t> first);

struct TopDemonstrations {
  at::Tensor weights_Qm;  // descending in each row
  at::Tensor indices_Qm;  // int64, rows of the Demonstrations
};
// The m demonstrations of greatest weight for each query; all of them when there are fewer. kUsage for m < 1.
TopDemonstrations TopOf(const at::Tensor& weights_QN, int64_t m);

// r_i = ‖a^t - α_t a_i‖/(σ_t √d) as [Q, N], by differences (exact where the distance is small; Q · N · A of memory).
at::Tensor NoiseDistances(const at::Tensor& noised_QA, const at::Tensor& actions_NA, const NoiseLevel& level);

// ln(g_target/g_surrogate) of one demonstration of each of two domains with N and M demonstrations, flat kernel, d the
// size of an action. w in (0, 1), N and M >= 1, d >= 1; kUsage otherwise.
double LogWeightRatio(double w, double n, double m, double r_target, double r_surrogate, int64_t d);

}  // namespace heddle::theory
