// Operational space control (Khatib 1987): joint torques that pull an end effector towards a pose as if it were a point
// mass on a spring.
//
//   F   = kp (x* - x) - kd v,       T = kp e - kd w,       kd = 2 sqrt(kp)
//   tau = J_p^T Lambda_p F + J_r^T Lambda_r T + bias + N^T M (k0 (q0 - q) - 2 sqrt(k0) qdot),  k0 = 10
//
// with e the orientation error, half the sum of the cross products of the two frames' axes, Lambda = (J M^-1 J^T)^-1
// for position and rotation apart, and N = 1 - M^-1 J^T Lambda_full J the null space, in which the arm is drawn towards
// its first posture q0. The same law as robosuite's OSC_POSE with fixed impedance.
#pragma once

#include <array>

#include "heddle/sim/pose.h"

namespace heddle::sim {

inline constexpr int kArmJoints = 7;

// Matrices row by row.
struct ArmState {
  Pose hand;                                               // in the world
  std::array<double, 3 * kArmJoints> jacobian_position{};  // [3, 7]
  std::array<double, 3 * kArmJoints> jacobian_rotation{};  // [3, 7]
  std::array<double, kArmJoints * kArmJoints> mass{};      // [7, 7]
  std::array<double, kArmJoints> angles{}, velocities{}, bias{};
};

struct OperationalSpaceGains {
  double kp = 150;
  double posture_kp = 10;
};

std::array<double, kArmJoints> OperationalSpaceTorques(const ArmState& arm, const Pose& goal,
                                                       const std::array<double, kArmJoints>& posture,
                                                       const OperationalSpaceGains& gains);

}  // namespace heddle::sim
