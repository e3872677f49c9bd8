#include "heddle/policy/noise_process.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

// The last levels keep a hundredth of the action, so that the first step of the sampler has something to divide by.
constexpr double kLeastSignal = 1e-4;

std::vector<theory::NoiseLevel> LevelsOf(const HeadOptions& options) {
  if (options.path == Path::kDiffusion) return theory::CosineLevels(options.noise_steps, .008, kLeastSignal);
  std::vector<theory::NoiseLevel> levels = theory::FlowLevels(options.noise_steps);
  std::ranges::reverse(levels);
  return levels;
}

}  // namespace

NoiseProcess::NoiseProcess(const HeadOptions& options)
    : path_(options.path), prediction_(options.prediction), levels_(LevelsOf(options)) {
  if (options.sampler_steps > options.noise_steps) {
    ThrowUsage("a sampler of " + std::to_string(options.sampler_steps) + " steps has only " +
                   std::to_string(options.noise_steps) + " levels of noise to go through",
               "policy.head.sampler_steps", "give at most noise_steps");
  }
  sampler_ = theory::SamplerSteps(options.noise_steps, options.sampler_steps);
}

NoiseProcess::Noised NoiseProcess::Noise(const ActionRows& rows, const RandomStream& random) const {
  const int64_t num_rows = rows.actions_BHA.size(0), steps_of_chunk = rows.actions_BHA.size(1);
  const auto width = static_cast<size_t>(rows.actions_BHA.size(2));
  const size_t chunk = static_cast<size_t>(steps_of_chunk) * width;
  Noised out{at::empty_like(rows.actions_BHA), at::empty_like(rows.actions_BHA), at::empty({num_rows}, at::kLong)};
  const auto clean = tensor::ViewOf<float>(rows.actions_BHA), present = tensor::ViewOf<float>(rows.present_BA);
  const auto noised = tensor::MutableViewOf<float>(out.noised_BHA);
  const auto wanted = tensor::MutableViewOf<float>(out.wanted_BHA);
  const auto level_B = tensor::MutableViewOf<int64_t>(out.level_B);
  RandomStream draw_level = random.Split("level");
  random.Split("noise").FillNormal(noised);
  for (size_t row = 0; row < static_cast<size_t>(num_rows); ++row) {
    const int64_t t = 1 + static_cast<int64_t>(draw_level.Below(static_cast<uint64_t>(steps())));
    level_B[row] = t;
    const auto alpha = static_cast<float>(level(t).alpha), sigma = static_cast<float>(level(t).sigma);
    // wanted = noise_share ε + action_share a
    const bool says_noise = path_ == Path::kDiffusion && prediction_ == Prediction::kNoise;
    const float noise_share = says_noise ? 1 : path_ == Path::kFlow ? -1 : alpha;
    const float action_share = says_noise ? 0 : path_ == Path::kFlow ? 1 : -sigma;
    for (size_t i = 0; i < chunk; ++i) {
      const size_t at = row * chunk + i;
      const float noise = noised[at] * present[row * width + i % width];
      wanted[at] = noise_share * noise + action_share * clean[at];
      noised[at] = alpha * clean[at] + sigma * noise;
    }
  }
  return out;
}

at::Tensor NoiseProcess::Step(const at::Tensor& noised_BHA, const at::Tensor& said_BHA, int64_t from,
                              int64_t to) const {
  const theory::NoiseLevel &now = level(from), &next = level(to);
  at::Tensor clean_BHA;
  if (path_ == Path::kFlow) {
    clean_BHA = noised_BHA + now.sigma * said_BHA;
  } else if (prediction_ == Prediction::kNoise) {
    clean_BHA = (noised_BHA - now.sigma * said_BHA).div_(now.alpha);
  } else {
    clean_BHA = now.alpha * noised_BHA - now.sigma * said_BHA;
  }
  clean_BHA.clamp_(-1, 1);
  if (next.sigma == 0) return clean_BHA;
  const at::Tensor noise_BHA = (noised_BHA - now.alpha * clean_BHA).div_(now.sigma);
  return clean_BHA.mul_(next.alpha).add_(noise_BHA, next.sigma);
}

}  // namespace heddle::policy
