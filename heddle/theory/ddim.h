// One deterministic step of a sampler between two noise levels.
//
// With ε̂ the noise that is estimated in y at `from`, the clean action is x̂0 = (y - σ ε̂)/α, and the step keeps both:
//
//     y' = α' x̂0 + σ' ε̂ = A y + B ε̂,    A = α'/α,    B = σ' - σ α'/α.
//
// That is DDIM (η = 0) on a variance-preserving path and, without a change, the Euler step of flow matching on the
// linear path: y' = y + (t' - t) v̂ with v̂ = x̂0 - ε̂, since there α' - α = t' - t = -(σ' - σ). FlowEulerStep says it in
// these terms, for nets that predict the velocity: y' = y + B v̂.
#pragma once

#include "heddle/theory/noise_path.h"

namespace heddle::theory {

// y' = keep · y + add · prediction.
struct StepCoefficients {
  double keep = 1;  // A
  double add = 0;   // B
};

// For a prediction of the noise ε. Throws kUsage when `from` has no signal (α = 0), as ε̂ then says nothing about x̂0:
// give the path a floor.
StepCoefficients DdimStep(const NoiseLevel& from, const NoiseLevel& to);

// For a prediction of the velocity a - ε, between two levels of the linear path (α + σ = 1; kUsage otherwise). Needs no
// division and so may start from pure noise.
StepCoefficients FlowEulerStep(const NoiseLevel& from, const NoiseLevel& to);

}  // namespace heddle::theory
