// The demonstrations of K domains, as the theory sees them: pairs of latent and action, and a weight for each domain.
//
//   N   demonstrations (of one domain, or of all of them joined), d  size of a latent, A  size of an action
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::theory {

struct DomainSamples {
  at::Tensor latents_Nd;  // z_i
  at::Tensor actions_NA;  // a_i, an action chunk flattened
  double w = 0;           // w_k >= 0, the probability of drawing from this domain, up to a common factor
};

// All domains one after the other, in double precision. Made by JoinDomains, which checks; then only read.
struct Demonstrations {
  at::Tensor latents_Nd;
  at::Tensor actions_NA;
  at::Tensor log_share_N;  // ln(w_k/|D_k|) of each demonstration's domain, w normalised to sum 1; -inf where w_k = 0
  std::vector<int64_t> first;  // K + 1 offsets: domain k holds rows first[k] .. first[k+1] - 1
  std::vector<double> w;       // K, normalised

  int64_t size() const { return first.back(); }
  int64_t num_domains() const { return static_cast<int64_t>(w.size()); }
  int64_t action_size() const { return actions_NA.size(1); }
};

// Throws kInput, naming the domain by its index, if there is no domain, a domain is empty, sizes do not fit, a value is
// not finite, a weight is negative or not finite, or all weights are zero.
Demonstrations JoinDomains(std::span<const DomainSamples> domains);

}  // namespace heddle::theory
