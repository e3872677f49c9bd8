// The toy's diffusion model: a small net that predicts the noise ε in a noised output, from the input, the noised
// output and the diffusion time.
//
//   row = (x, y, z,  a^t_1, a^t_2,  sin(f_k t/T), cos(f_k t/T) for k = 1..F),  f_k from 1 to 100 in equal ratios
//
// Trained on a^t = α_t a + σ_t ε with t uniform in 1..T; sampled by DDIM. Nothing is normalised and nothing is clipped.
#pragma once

#include <span>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/core/stop.h"
#include "heddle/nn/mlp_worker.h"
#include "heddle/theory/noise_path.h"
#include "heddle/toy/options.h"
#include "heddle/toy/world.h"

namespace heddle::toy {

// What all nets of a run have in common. A value, read-only after it is made.
class Denoiser {
 public:
  explicit Denoiser(const ToyOptions& options);

  const nn::MlpShape& shape() const { return shape_; }
  // levels()[t] for t = 0 (data) .. T (noise).
  const std::vector<theory::NoiseLevel>& levels() const { return levels_; }
  int last_level() const { return static_cast<int>(levels_.size()) - 1; }
  // The level whose signal ᾱ_t is nearest to `signal`.
  int LevelNearSignal(double signal) const;
  // The levels that sampling goes through, from T down to 0.
  const std::vector<std::int64_t>& sampler_steps() const { return sampler_steps_; }

  void FillRow(std::span<float> row, const float* xy, float z, const float* noised, int t) const;

 private:
  nn::MlpShape shape_;
  std::vector<theory::NoiseLevel> levels_;
  std::vector<std::int64_t> sampler_steps_;
  std::vector<float> time_features_;  // [T + 1, 2F]
};

// What one net is trained on: each sample of a batch is a target sample with probability w.
struct TrainingSet {
  const World* world = nullptr;
  double delta_z = 0;
  double w = 0;
  double input_noise = 0;  // standard deviation of Gaussian noise on (x, y, z)
};

struct TrainingPlan {
  std::int64_t steps = 0;
  std::int64_t batch = 0;
  double learning_rate = 0;
};

// Trains one net from its initial parameters (drawn here, too). The result depends on the arguments alone. Returns the
// mean loss of the last tenth of the steps, or a negative number if `stop` cut it short (looked at every few
// milliseconds).
double TrainNet(const Denoiser& denoiser, const TrainingPlan& plan, const TrainingSet& set, const RandomStream& random,
                nn::MlpStack& stack, int net, nn::MlpWorker& worker, const StopFlag* stop);

// Outputs sampled at the inputs (xy, z): `per_point` of them a point, two floats each, the point's index running
// slowest.
std::vector<float> SampleNet(const Denoiser& denoiser, std::span<const float> parameters, nn::MlpWorker& worker,
                             int max_batch, std::span<const float> xy, float z, int per_point,
                             const RandomStream& random);

// The standard normal starts that SampleNet uses for this stream: to sample something else from the same noise.
std::vector<float> SamplingStarts(int points, int per_point, const RandomStream& random);

}  // namespace heddle::toy
