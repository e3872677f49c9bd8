// A hand without an arm, the stand-in for a person's on video: a thumb and two fingers that pinch, and a wrist that is
// pulled to where it is told to be.
//
//   absolute: x y z of the wrist in metres in the world, the first two columns of its rotation matrix (6 values), the
//             closure of the thumb and of the fingers, each from 0 (open) to 1: 11 values, as a tracked hand gives them
//   delta:    x y z in metres and a rotation vector in radians, in the world, from where the wrist is; closures as
//             above: 8 values
//
// Columns need not be of length 1 nor upright on each other (the first leads); two that span no plane leave the turn as
// it is. However far away the goal, the wrist is pulled to a place at most 5 cm and 0.5 rad from where it is, and the
// closures move by at most an eighth a control step.
#pragma once

#include <memory>

#include "heddle/sim/embodiment.h"

namespace heddle::sim {

std::unique_ptr<Embodiment> MakeFloatingHand();

}  // namespace heddle::sim
