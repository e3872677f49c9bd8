#include "heddle/policy/policy.h"

#include <utility>

namespace heddle::policy {

Policy::Policy(PolicySpec spec, Normaliser normaliser, const RandomStream& init)
    : spec_((spec.layout.Check(), std::move(spec))),
      normaliser_(std::move(normaliser)),
      parameters_(init),
      noise_(spec_.options.head),
      network_(parameters_.Scope(kPrefix), spec_.layout, spec_.options, spec_.conditions) {}

}  // namespace heddle::policy
