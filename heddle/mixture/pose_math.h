// Rigid motions: just what conversions of actions need (heddle/mixture/action_conversion.h).
#pragma once

#include <array>
#include <optional>

namespace heddle::mixture {

using Vec3 = std::array<double, 3>;
using Quat = std::array<double, 4>;  // w x y z

// p -> rotation p + position.
struct RigidPose {
  Vec3 position{0, 0, 0};
  Quat rotation{1, 0, 0, 0};  // of length 1
};

Quat Times(const Quat& a, const Quat& b);  // b first
Quat Conjugate(const Quat& q);
Vec3 Rotated(const Quat& q, const Vec3& v);
RigidPose Times(const RigidPose& outer, const RigidPose& inner);

// Nothing for one of length (nearly) 0.
std::optional<Quat> Normalised(const Quat& q);

// exp: axis times angle in rad. log: the one of least angle, in [0, pi].
Quat FromRotationVector(const Vec3& v);
Vec3 RotationVector(const Quat& q);

// The first two columns of the rotation's matrix: r11 r21 r31 r12 r22 r32. Back by Gram and Schmidt, so that any two
// columns that are not parallel give a rotation; nothing for others.
std::array<double, 6> Columns(const Quat& q);
std::optional<Quat> FromColumns(const std::array<double, 6>& columns);

}  // namespace heddle::mixture
