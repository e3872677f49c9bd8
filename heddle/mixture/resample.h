// A feature's numbers brought from the dataset's rate to the mixture's, slot by slot, each as its meaning says
// (heddle/mixture/layout.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/mixture/layout.h"
#include "heddle/mixture/timeline.h"

namespace heddle::mixture {

// values_LD: L rows of D = feature.size() numbers at the dataset's rate; gives timeline.LengthOf(L) rows.
// The rates must differ and no slot's meaning be kUnknown (DEMANDed: binding a source refuses it).
//
// With x the position of frame j among the dataset's rows, i = floor(x), f = x - i:
//   absolute     (1 - f) v_i + f v_(i+1)
//   quaternion   sin((1 - f) w) / sin(w) q_i + sin(f w) / sin(w) q_(i+1), cos(w) = |q_i . q_(i+1)|, normalised
//   delta        C(x + stride) - C(x), C the line through the running sums; behind the last row nothing is added
//   held         v_i
std::vector<float> Resample(std::span<const float> values_LD, const NumericLayout& feature, const Timeline& timeline);

}  // namespace heddle::mixture
