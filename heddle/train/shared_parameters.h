// The parameters in which domains can pull against each other: those of trunk and head that every row goes through.
//
// What is a body's own is out: the columns of numbers that enter and the rows of actions that come out. A domain has no
// gradient there that another could oppose, and a large one would only blur the comparison. So is what a label brings
// in. Stems are out altogether, as which of them a row uses depends on what its body senses.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "heddle/policy/policy.h"

namespace heddle::train {

struct SharedPart {
  at::Tensor parameter;
  // [from, past) of its columns; none: the whole of it.
  std::vector<std::pair<int64_t, int64_t>> columns = {};
};

// The policy's parameters are flat, or are never made so.
std::vector<SharedPart> SharedPartsOf(const policy::Policy& policy);

std::vector<at::Tensor> TensorsOf(const std::vector<SharedPart>& parts);

// The shared entries of the gradients of TensorsOf, as one vector; 0 for one that is undefined.
at::Tensor Shared(const std::vector<SharedPart>& parts, const std::vector<at::Tensor>& gradients);

}  // namespace heddle::train
