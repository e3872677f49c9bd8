// The analytic optimum s*_w (heddle/theory/optimum.h) on the toy's own data: latents are the raw inputs (x, y, z), the
// kernel is Gaussian, and nothing is trained.
#pragma once

#include <span>
#include <vector>

#include "heddle/theory/optimum.h"
#include "heddle/toy/denoiser.h"

namespace heddle::toy {

// The kernel's width by leave-one-out likelihood on these inputs (the first 500 of them at most).
double KernelWidthOf(const Points& source);

// s*_w for queries at the inputs (xy, z), each repeated per_point times, in single precision.
theory::Optimum MakeOptimum(const World& world, double delta_z, double w, double kernel_width,
                            std::span<const float> xyz);

// As SampleNet, from the same starts, but following s*_w instead of a net.
std::vector<float> SampleOptimum(const Denoiser& denoiser, const World& world, double delta_z, double w,
                                 double kernel_width, std::span<const float> xy, int per_point,
                                 const RandomStream& random);

}  // namespace heddle::toy
