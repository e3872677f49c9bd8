// Batches of literal seeds and the finite differences that gradients are held against.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "heddle/align/objective.h"
#include "heddle/core/random.h"

namespace heddle::align {

inline at::Tensor Normals(uint64_t seed, at::IntArrayRef sizes) {
  RandomStream random(seed, "batch");
  at::Tensor values = at::empty(sizes, at::kDouble);
  for (int64_t k = 0; k < values.numel(); ++k) values.mutable_data_ptr<double>()[k] = random.Normal();
  return values;
}

// Rows of the domains 0, 1, .., num_domains - 1 in turn, each domain's latents moved a little; double precision.
inline AlignBatch SomeBatch(int64_t rows, int64_t latent_size, int64_t num_domains = 2, uint64_t seed = 1) {
  AlignBatch batch;
  batch.domain_B = at::arange(rows, at::kLong).remainder(num_domains);
  batch.z_BD = (Normals(seed, {rows, latent_size}) + batch.domain_B.unsqueeze(1) * 0.7).requires_grad_();
  batch.step = 1000;
  batch.steps = 1000;
  return batch;
}

// A set of parameters in double precision, and what objectives are made with on it.
struct Maker {
  nn::ParameterSet parameters{RandomStream(5, "align"), at::kDouble};
  ObjectiveSetup setup;

  explicit Maker(int64_t latent_size, int64_t num_domains = 2)
      : setup{.parameters = parameters, .latent_size = latent_size, .num_domains = num_domains} {}

  template <class Options>
  std::unique_ptr<Objective> Make(const Options& options) {
    auto made = options.Make(setup);
    if (!parameters.is_flat() && !parameters.all().empty()) parameters.Flatten();
    return made;
  }
};

inline std::vector<double> Numbers(const at::Tensor& value) {
  const at::Tensor flat = value.detach().to(at::kDouble).contiguous();
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

// d f / d place by central differences, in the shape of `place`, which is moved and put back.
inline at::Tensor FiniteDifference(const std::function<double()>& f, const at::Tensor& place) {
  constexpr double kStep = 1e-6;
  const at::Tensor values = place.detach();
  at::Tensor slopes = at::zeros_like(values);
  for (int64_t k = 0; k < values.numel(); ++k) {
    double& value = values.mutable_data_ptr<double>()[k];
    const double kept = value;
    value = kept + kStep;
    const double above = f();
    value = kept - kStep;
    const double below = f();
    value = kept;
    slopes.mutable_data_ptr<double>()[k] = (above - below) / (2 * kStep);
  }
  return slopes;
}

inline double LargestDifference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

// Steps of plain gradient descent on latents that are free to move, and on the parameters.
inline void Descend(Objective& objective, AlignBatch& batch, nn::ParameterSet& parameters, int steps, double rate) {
  for (int step = 0; step < steps; ++step) {
    if (parameters.is_flat()) parameters.gradients().zero_();
    batch.z_BD = batch.z_BD.detach().requires_grad_();
    objective(batch).loss.backward();
    const at::NoGradGuard no_gradient;
    batch.z_BD = batch.z_BD - rate * batch.z_BD.grad();
    if (parameters.is_flat()) parameters.values().sub_(parameters.gradients(), 0.5);
  }
}

// The distance between the means of the domains 0 and 1.
inline double MeansApart(const AlignBatch& batch) {
  const auto mean = [&](int64_t domain) {
    return batch.z_BD.detach().index_select(0, (batch.domain_B == domain).nonzero().squeeze(1)).mean(0);
  };
  return (mean(0) - mean(1)).norm().item<double>();
}

}  // namespace heddle::align
