// How chunks are noised in training and freed of noise in use: the levels, what the head is asked to say at each, and
// the step of the sampler. heddle/theory/noise_path.h has the mathematics.
//
//   noised = α_t a + σ_t ε;    the head says  ε  (noise),  α ε - σ a  (velocity of diffusion)  or  a - ε  (of flow)
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/policy/options.h"
#include "heddle/policy/rows.h"
#include "heddle/theory/noise_path.h"

namespace heddle::policy {

class NoiseProcess {
 public:
  explicit NoiseProcess(const HeadOptions& options);

  int64_t steps() const { return static_cast<int64_t>(levels_.size()) - 1; }  // level 0 is the action itself
  const theory::NoiseLevel& level(int64_t t) const { return levels_[static_cast<size_t>(t)]; }
  // Levels that the sampler goes through: steps(), ..., 0.
  const std::vector<int64_t>& sampler() const { return sampler_; }
  const char* sampler_name() const { return path_ == Path::kFlow ? "euler" : "ddim"; }

  struct Noised {
    at::Tensor noised_BHA, wanted_BHA;  // absent dimensions are 0
    at::Tensor level_B;                 // int64, 1 .. steps()
  };
  // Levels uniform, noise normal, both from `random`.
  Noised Noise(const ActionRows& rows, const RandomStream& random) const;

  // From level `from` to the lower level `to`: the clean action that the head's words come to, kept to -1 .. 1, and as
  // much noise as the lower level has.
  at::Tensor Step(const at::Tensor& noised_BHA, const at::Tensor& said_BHA, int64_t from, int64_t to) const;

 private:
  Path path_;
  Prediction prediction_;
  std::vector<theory::NoiseLevel> levels_;
  std::vector<int64_t> sampler_;
};

}  // namespace heddle::policy
