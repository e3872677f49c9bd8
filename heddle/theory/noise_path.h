// Noise paths: how much of the clean action a is left at a diffusion time.
//
// Everywhere in this room a noised action is
//
//     a^t = α_t a + σ_t ε,    ε ~ N(0, I),
//
// and all that the theory needs of a schedule is the pair (α_t, σ_t): a `NoiseLevel`. Two families:
//
//   diffusion, variance preserving   α_t = sqrt(ᾱ_t), σ_t = sqrt(1 - ᾱ_t); time runs from 0 (data) to 1 or T (noise).
//   flow matching, linear path       α_t = t, σ_t = 1 - t:  a^t = t a + (1 - t) ε; time runs from 0 (noise) to 1
//   (data),
//                                    and the velocity is da^t/dt = a - ε.
//
// Only the ratio α/σ matters for who guides an action: levels of the two families with equal signal level are the same
// level up to a scale of a^t.
//
// All functions are pure. Times outside their range, a floor outside [0, 1) and a beta outside [0, 1) throw kUsage.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::theory {

struct NoiseLevel {
  double alpha = 1;  // α_t >= 0, factor of the clean action
  double sigma = 0;  // σ_t >= 0, standard deviation of the noise

  // ᾱ = α² / (α² + σ²), in [0, 1]: 1 is data, 0 is noise. For a variance-preserving level this is ᾱ_t itself.
  double signal() const { return alpha * alpha / (alpha * alpha + sigma * sigma); }
  // Signal-to-noise ratio α²/σ²; infinite for clean data.
  double snr() const { return alpha * alpha / (sigma * sigma); }

  friend bool operator==(const NoiseLevel&, const NoiseLevel&) = default;
};

// The variance-preserving level with this ᾱ in [0, 1].
NoiseLevel LevelOfSignal(double signal);

// --- diffusion, continuous time u in [0, 1] ---

// Cosine: ᾱ(u) = max(f(u)/f(0), floor), f(u) = cos²( (u + s)/(1 + s) · π/2 ). The floor keeps the last levels from
// having no signal at all, where DDIM's first step divides by α (1e-4 is what the toy uses; 0 means none).
NoiseLevel CosineLevel(double u, double s = 0.008, double floor = 0);

// Linear β(u) = β_0 + u (β_1 - β_0): ᾱ(u) = exp(-β_0 u - (β_1 - β_0) u²/2). The limit of the discrete one below for
// β_0 = T · first, β_1 = T · last.
NoiseLevel LinearBetaLevel(double u, double beta_0 = 0.1, double beta_1 = 20);

// --- diffusion, discrete steps t = 0..T; index 0 is the data, so each list has T + 1 levels ---

// CosineLevel at u = t/T.
std::vector<NoiseLevel> CosineLevels(int64_t steps, double s = 0.008, double floor = 0);
// ᾱ_t = Π_{r<=t} (1 - β_r), for any list of T betas.
std::vector<NoiseLevel> LevelsOfBetas(std::span<const double> betas);
// β_t from first to last in equal steps (DDPM: T = 1000).
std::vector<double> LinearBetas(int64_t steps, double first = 1e-4, double last = 0.02);
// The cosine path with each β_t at most `cap`, as most diffusion-policy code has it: β_t = min(1 - ᾱ_t/ᾱ_{t-1}, cap).
// Differs from CosineLevels in the last step only, where ᾱ_T is not 0 but ᾱ_{T-1} (1 - cap).
std::vector<double> CosineBetas(int64_t steps, double s = 0.008, double cap = 0.999);

// --- flow matching, t in [0, 1] ---

// α = t, σ = 1 - t.
NoiseLevel FlowLevel(double t);
// FlowLevel at t = 0, 1/n, ..., 1: the n + 1 levels that n Euler steps go through, from noise to data.
std::vector<NoiseLevel> FlowLevels(int64_t steps);

// --- the steps of a sampler ---

// count + 1 levels from the noisiest (the last of `levels`) to data (the first), evenly spaced in t and rounded to
// whole steps, as a deterministic sampler with `count` steps visits them. count in [1, T]; throws kUsage otherwise.
std::vector<NoiseLevel> SamplerLevels(std::span<const NoiseLevel> levels, int64_t count);
// Their indices: T = s_0 > s_1 > ... > s_count = 0.
std::vector<int64_t> SamplerSteps(int64_t steps, int64_t count);

}  // namespace heddle::theory
