#include "heddle/sim/operational_space.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

namespace heddle::sim {
namespace {

using Joints = Eigen::Matrix<double, kArmJoints, 1>;
using Mass = Eigen::Matrix<double, kArmJoints, kArmJoints, Eigen::RowMajor>;
using Jacobian3 = Eigen::Matrix<double, 3, kArmJoints, Eigen::RowMajor>;
using Jacobian6 = Eigen::Matrix<double, 6, kArmJoints, Eigen::RowMajor>;

template <class Matrix>
Eigen::Map<const Matrix> View(const double* data) {
  return Eigen::Map<const Matrix>(data);
}

// Half the sum of the cross products of the axes of the two frames: the rotation vector from `now` to `goal` for small
// angles.
Eigen::Vector3d OrientationError(const Quat& goal, const Quat& now) {
  Vec3 error{};
  for (int axis = 0; axis < 3; ++axis) {
    Vec3 unit{};
    unit[static_cast<size_t>(axis)] = 1;
    const Vec3 from = Rotate(now, unit), to = Rotate(goal, unit);
    error = error + Vec3{from[1] * to[2] - from[2] * to[1], from[2] * to[0] - from[0] * to[2],
                         from[0] * to[1] - from[1] * to[0]};
  }
  return 0.5 * Eigen::Vector3d(error[0], error[1], error[2]);
}

}  // namespace

std::array<double, kArmJoints> OperationalSpaceTorques(const ArmState& arm, const Pose& goal,
                                                       const std::array<double, kArmJoints>& posture,
                                                       const OperationalSpaceGains& gains) {
  const auto mass = View<Mass>(arm.mass.data());
  const auto q = View<Joints>(arm.angles.data()), v = View<Joints>(arm.velocities.data());
  Jacobian6 jacobian;
  jacobian.topRows<3>() = View<Jacobian3>(arm.jacobian_position.data());
  jacobian.bottomRows<3>() = View<Jacobian3>(arm.jacobian_rotation.data());

  // M^-1 J^T once; its blocks serve position, rotation and both together.
  const Eigen::LLT<Mass> factor(mass);
  const Eigen::Matrix<double, kArmJoints, 6> inverse_mass_jacobian = factor.solve(jacobian.transpose());
  const Eigen::Matrix<double, 6, 6> mobility = jacobian * inverse_mass_jacobian;

  const double kd = 2 * std::sqrt(gains.kp);
  const Vec3 away = goal.position_m - arm.hand.position_m;
  Eigen::Matrix<double, 6, 1> pull;
  pull.head<3>() = gains.kp * Eigen::Vector3d(away[0], away[1], away[2]) - kd * (jacobian.topRows<3>() * v);
  pull.tail<3>() = gains.kp * OrientationError(goal.rotation, arm.hand.rotation) - kd * (jacobian.bottomRows<3>() * v);

  Eigen::Matrix<double, 6, 1> wrench;
  wrench.head<3>() = mobility.topLeftCorner<3, 3>().llt().solve(pull.head<3>());
  wrench.tail<3>() = mobility.bottomRightCorner<3, 3>().llt().solve(pull.tail<3>());

  const double posture_kd = 2 * std::sqrt(gains.posture_kp);
  const Joints posture_torques = mass * (gains.posture_kp * (View<Joints>(posture.data()) - q) - posture_kd * v);
  // N^T t = t - J^T Lambda_full (M^-1 J^T)^T t
  const Joints null_torques =
      posture_torques -
      jacobian.transpose() * mobility.llt().solve(inverse_mass_jacobian.transpose() * posture_torques);

  std::array<double, kArmJoints> torques{};
  Eigen::Map<Joints>(torques.data()) = jacobian.transpose() * wrench + View<Joints>(arm.bias.data()) + null_torques;
  return torques;
}

}  // namespace heddle::sim
