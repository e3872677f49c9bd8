// The Panda arm with its two-finger hand, driven by end-effector poses: 7 values, 20 times a second.
//
//   delta:    x y z in shares of 5 cm, a rotation vector in shares of 0.5 rad, in the base's frame, from where the hand
//             is; grip: its sign moves the fingers by a tenth of their way (1 closes, -1 opens)
//   absolute: x y z in metres and a rotation vector in the base's frame; grip as before
#pragma once

#include <memory>

#include "heddle/sim/embodiment.h"

namespace heddle::sim {

std::unique_ptr<Embodiment> MakePanda();

}  // namespace heddle::sim
