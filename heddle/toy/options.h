// What a run of the toy model is made of. Every field can be set by `heddle toy --set toy.KEY=VALUE`.
#pragma once

#include <cstdint>
#include <vector>

namespace heddle::toy {

struct ToyOptions {
  // The grid of the paper.
  std::vector<double> delta_z = {0.01, 0.1, 0.5, 1, 3, 5, 10, 20, 50};
  std::vector<double> w = {0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99};
  std::int64_t seed = 1;
  std::int64_t seeds = 3;

  // Data.
  std::int64_t source_samples = 2000;
  std::int64_t target_samples = 25;
  double covered = 0.5;

  // Net and training.
  std::int64_t width = 128;
  std::int64_t hidden_layers = 3;
  std::int64_t time_frequencies = 8;
  std::int64_t steps = 6000;
  std::int64_t batch = 128;
  double learning_rate = 2e-3;

  // Diffusion.
  std::int64_t noise_levels = 100;
  double least_signal = 1e-4;
  std::int64_t sampler_steps = 25;

  // Evaluation.
  std::int64_t grid_side = 16;
  std::int64_t samples_per_point = 4;

  // Trained net against analytic optimum.
  double match_width = 0.15;
  std::int64_t match_source_samples = 60;
  std::int64_t match_target_samples = 6;
  std::int64_t match_steps = 20000;

  template <class Visitor>
  void Visit(Visitor& v) {
    v.Field("delta_z", delta_z,
            {.doc = "distances between the two domains' input planes, ascending", .min = 0, .max = 1e4});
    v.Field("w", w,
            {.doc = "probabilities of drawing a sample of a batch from the target, ascending", .min = 0, .max = 1});
    v.Field("seed", seed, {.doc = "the first seed; each further one counts up", .min = 0, .max = 1e15});
    v.Field(
        "seeds", seeds,
        {.doc = "replicates of the whole grid: data, initial weights and noise are drawn anew", .min = 1, .max = 100});
    v.Field("source_samples", source_samples,
            {.doc = "samples of the abundant domain, on the whole square", .min = 3, .max = 1e6});
    v.Field("target_samples", target_samples,
            {.doc = "samples of the scarce domain, on the covered part", .min = 1, .max = 1e6});
    v.Field("covered", covered,
            {.doc = "the target is sampled where x is at most this; beyond is out of distribution",
             .min = 0.05,
             .max = 0.95});
    v.Field("width", width, {.doc = "units of a hidden layer, a multiple of 32", .min = 32, .max = 1024});
    v.Field("hidden_layers", hidden_layers, {.doc = "hidden layers with ReLU", .min = 1, .max = 8});
    v.Field("time_frequencies", time_frequencies,
            {.doc = "sines, and as many cosines, of the diffusion time", .min = 1, .max = 64});
    v.Field("steps", steps, {.doc = "gradient steps of each net", .unit = "steps", .min = 1, .max = 1e7});
    v.Field("batch", batch, {.doc = "samples a step", .min = 1, .max = 4096});
    v.Field("learning_rate", learning_rate,
            {.doc = "Adam's rate at the start; falls to 0 by a cosine", .min = 1e-8, .max = 1});
    v.Field("noise_levels", noise_levels, {.doc = "T of the cosine noise path", .min = 2, .max = 10000});
    v.Field("least_signal", least_signal,
            {.doc = "floor of the signal level; without one sampling is unstable", .min = 1e-8, .max = 0.1});
    v.Field("sampler_steps", sampler_steps,
            {.doc = "DDIM steps, at most noise_levels", .unit = "steps", .min = 1, .max = 10000});
    v.Field("grid_side", grid_side, {.doc = "evaluation points along x and along y", .min = 4, .max = 64});
    v.Field("samples_per_point", samples_per_point,
            {.doc = "outputs sampled at each evaluation point", .min = 1, .max = 64});
    v.Field("match_width", match_width,
            {.doc = "net against optimum: Gaussian noise on the inputs", .min = 1e-3, .max = 10});
    v.Field("match_source_samples", match_source_samples,
            {.doc = "net against optimum: source samples", .min = 3, .max = 1e5});
    v.Field("match_target_samples", match_target_samples,
            {.doc = "net against optimum: target samples", .min = 1, .max = 1e5});
    v.Field("match_steps", match_steps,
            {.doc = "net against optimum: gradient steps", .unit = "steps", .min = 1, .max = 1e7});
  }
};

// The options of `--quick`: one seed, narrower nets, shorter training. It shows the regimes; its shares mean little.
ToyOptions QuickOptions();

// What the ranges of single fields cannot say (lists ascending and not empty, sampler_steps <= noise_levels, width,
// points on both sides of `covered`): Error of kind kUsage that names the key.
void CheckConsistent(const ToyOptions& options);

}  // namespace heddle::toy
