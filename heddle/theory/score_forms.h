// The four things a net can be asked for at a noise level say the same.
//
// For y = a^t = α a + σ ε the best guess of the clean action is the posterior mean x0 = E[a | y]. With it
//
//     ε        = (y - α x0) / σ                      the noise
//     score    = -ε / σ = (α x0 - y) / σ²            ∇_y ln p_t(y)
//     v        = α ε - σ x0                          the rotated prediction of variance-preserving paths
//     velocity = x0 - ε                              da^t/dt on the linear path (heddle/theory/noise_path.h)
//
// and each is turned into any other by way of x0:
//
//     x0 = (y - σ ε)/α = (y + σ² score)/α = (α y - σ v)/(α² + σ²) = (y + σ velocity)/(α + σ).
//
// So velocity needs α + σ and not α alone: at pure noise (α = 0) it still determines x0, and ε does not.
// Tensors are of any shape and floating type, and on any device. A division by a level's zero (ε or the score of clean
// data, x0 from the ε of pure noise) throws kUsage.
#pragma once

#include <ATen/core/Tensor.h>

#include "heddle/theory/noise_path.h"

namespace heddle::theory {

enum class ScoreForm { kClean, kEps, kScore, kV, kVelocity };

// The clean action x0 that `prediction`, of the given form, means for `noised`.
at::Tensor CleanFrom(ScoreForm form, const at::Tensor& prediction, const at::Tensor& noised, const NoiseLevel& level);

// What a prediction of the given form is when the clean action is `clean`.
at::Tensor FromClean(ScoreForm form, const at::Tensor& clean, const at::Tensor& noised, const NoiseLevel& level);

// FromClean(to, CleanFrom(from, ...), ...); ε and score, which differ by -σ only, are turned into each other directly.
at::Tensor ConvertPrediction(ScoreForm from, ScoreForm to, const at::Tensor& prediction, const at::Tensor& noised,
                             const NoiseLevel& level);

}  // namespace heddle::theory
