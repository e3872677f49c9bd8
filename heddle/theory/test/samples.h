// Small sets of demonstrations that the tests of this room share, made from literal seeds.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "heddle/core/random.h"
#include "heddle/theory/domains.h"

namespace heddle::theory {

inline at::Tensor NormalTensor(RandomStream& random, at::IntArrayRef sizes, double scale = 1) {
  at::Tensor values = at::empty(sizes, at::kDouble);
  for (int64_t k = 0; k < values.numel(); ++k) values.mutable_data_ptr<double>()[k] = scale * random.Normal();
  return values;
}

// K domains of 5, 8, 11, ... demonstrations with shifted latents and actions, and unequal weights.
inline std::vector<DomainSamples> SomeDomains(int num_domains, int64_t latent_size, int64_t action_size,
                                              uint64_t seed = 7) {
  RandomStream random(seed, "some_domains");
  std::vector<DomainSamples> domains;
  for (int k = 0; k < num_domains; ++k) {
    const int64_t count = 5 + 3 * k;
    domains.push_back({NormalTensor(random, {count, latent_size}) + 0.3 * k,
                       NormalTensor(random, {count, action_size}, 1.5) - 0.7 * k, 0.2 + 0.5 * k});
  }
  return domains;
}

inline double MaxDifference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace heddle::theory
