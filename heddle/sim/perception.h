// What a state policy reads of an object's pose under a gap of perception.
//
//   x' = x + b sin(2 pi y / L + 0.7) + n,   y' = y + b cos(2 pi x / L - 0.4) + n,   L = 0.5 m
//   yaw' = yaw + a sin(yaw + 1.1) + m
//
// The bias is a fixed function of the pose, so that a policy can learn it from data of that world, and only of that
// world; n and m are normal.
#pragma once

#include "heddle/core/random.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/pose.h"

namespace heddle::sim {

Pose Perceive(const Pose& truth, const PerceptionGap& gap, RandomStream& noise);

}  // namespace heddle::sim
