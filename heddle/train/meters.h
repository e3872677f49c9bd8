// Cheap meters of alignment and discernibility, for the training's log: on held-out windows, of the target against each
// surrogate. heddle diagnose gives the same with error bars.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/contract/batch.h"

namespace heddle::train {

// Sliced Wasserstein distance (p = 2) of two clouds: the root of the mean, over directions drawn at random from a fixed
// stream, of the squared distance of the projections, divided by the pooled root-mean-square distance of points, so
// that shrinking all latents does not lower it. Sizes may differ.
double SlicedWasserstein(const at::Tensor& a_ND, const at::Tensor& b_MD, int64_t directions = 64);

// How well a linear probe tells two domains: ridge regression on -1 and 1, cross-fitted by episode. The episodes of
// each domain are dealt out to as many folds as the domain with fewer of them has, five at most; each fold is told by a
// probe that is fitted on the others. The share of right answers over all rows, both domains weighing the same in the
// fit and in the share: 0.5 is chance. Nothing (NaN) where a domain has fewer than two episodes.
double LinearProbe(const at::Tensor& latents_ND, std::span<const contract::RowOrigin> origins, int32_t a, int32_t b);

// Of the rows of one domain: what a probe's share rests on.
int64_t NumEpisodes(std::span<const contract::RowOrigin> origins, int32_t domain);

// Rows of one domain.
at::Tensor RowsOfDomain(const at::Tensor& latents_ND, std::span<const contract::RowOrigin> origins, int32_t domain);

}  // namespace heddle::train
