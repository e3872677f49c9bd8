#include "heddle/toy/optimum_samples.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace heddle::toy {
namespace {

at::Tensor TensorOf(std::span<const float> values, std::int64_t columns) {
  return at::from_blob(const_cast<float*>(values.data()), {std::int64_t(values.size()) / columns, columns}, at::kFloat)
      .clone();
}

// Inputs as (x, y, z).
at::Tensor Latents(const Points& points, double z) {
  const at::Tensor xy = TensorOf(points.xy, 2);
  return at::cat({xy, at::full({xy.size(0), 1}, z, xy.options())}, 1).to(at::kDouble);
}

}  // namespace

double KernelWidthOf(const Points& source) {
  constexpr std::int64_t kMost = 500;
  // On the plane: the height is one constant within a domain, and a likelihood in three dimensions would shrink with
  // it.
  const at::Tensor plane =
      TensorOf(source.xy, 2).to(at::kDouble).slice(0, 0, std::min<std::int64_t>(source.size(), kMost));
  return theory::WidthByLeaveOneOut(plane).width;
}

theory::Optimum MakeOptimum(const World& world, double delta_z, double w, double kernel_width,
                            std::span<const float> xyz) {
  const theory::DomainSamples domains[] = {
      {Latents(world.target, delta_z), TensorOf(world.target.out, 2).to(at::kDouble), w},
      {Latents(world.source, 0), TensorOf(world.source.out, 2).to(at::kDouble), 1 - w}};
  return theory::Optimum(theory::JoinDomains(domains), theory::LatentKernel::Gaussian(kernel_width),
                         TensorOf(xyz, 3).to(at::kDouble), at::kFloat);
}

std::vector<float> SampleOptimum(const Denoiser& denoiser, const World& world, double delta_z, double w,
                                 double kernel_width, std::span<const float> xy, int per_point,
                                 const RandomStream& random) {
  std::vector<float> xyz;
  for (std::size_t i = 0; i < xy.size(); i += 2) {
    for (int k = 0; k < per_point; ++k) xyz.insert(xyz.end(), {xy[i], xy[i + 1], float(delta_z)});
  }
  const theory::Optimum optimum = MakeOptimum(world, delta_z, w, kernel_width, xyz);
  std::vector<theory::NoiseLevel> levels;
  for (const std::int64_t t : denoiser.sampler_steps()) levels.push_back(denoiser.levels()[std::size_t(t)]);
  const std::vector<float> starts = SamplingStarts(int(xy.size() / 2), per_point, random);
  const at::Tensor samples = optimum.Sample(TensorOf(starts, 2), levels).contiguous();
  return {samples.const_data_ptr<float>(), samples.const_data_ptr<float>() + samples.numel()};
}

}  // namespace heddle::toy
