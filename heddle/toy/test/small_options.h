// Options of a sweep that takes a fraction of a second.
#pragma once

#include "heddle/toy/options.h"

namespace heddle::toy {

inline ToyOptions SmallOptions() {
  ToyOptions options;
  options.delta_z = {0.5, 20};
  options.w = {0.01, 0.5};
  options.seeds = 2;
  options.seed = 5;
  options.source_samples = 60;
  options.target_samples = 8;
  options.width = 32;
  options.hidden_layers = 2;
  options.steps = 60;
  options.batch = 32;
  options.noise_levels = 20;
  options.sampler_steps = 5;
  options.grid_side = 4;
  options.samples_per_point = 2;
  options.match_source_samples = 12;
  options.match_target_samples = 3;
  options.match_steps = 60;
  return options;
}

}  // namespace heddle::toy
