// The check at the border of a room: a tensor is what its name says.
//
// Tensors carry their shape in the name (latents_Nd: N rows of d numbers); a function that takes one from another room
// checks it once, at its start, and then trusts it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "heddle/core/error.h"

namespace heddle::tensor {

// Any size is right for this dimension.
inline constexpr int64_t kAny = -1;

// Throws an Error of the given kind if `value` is undefined, has another number of dimensions than `sizes`, or another
// size where `sizes` is not kAny. The message names the tensor, what it is and what was expected:
//   latents_Nd has shape [3, 4], expected [any, 5]
// The kind is kBug where our own code made the tensor and kInput where a file or a caller of the command line did.
void CheckShape(const at::Tensor& value, std::string_view name, std::initializer_list<int64_t> sizes,
                ErrorKind kind = ErrorKind::kBug);

// Throws likewise unless `value` holds floating-point numbers and all of them are finite; names how many are not and
// where the first one stands.
void CheckFinite(const at::Tensor& value, std::string_view name, ErrorKind kind = ErrorKind::kBug);

// "[3, 4]", as the messages print it; kAny prints as "any".
std::string ShapeText(at::IntArrayRef sizes);

}  // namespace heddle::tensor
