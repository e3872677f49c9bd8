// Poses: where a frame stands in another one.
#pragma once

#include <array>

namespace heddle::sim {

using Vec3 = std::array<double, 3>;
using Quat = std::array<double, 4>;  // w x y z, of length 1

// Maps p of the frame to rotation * p + position of the frame that it stands in.
struct Pose {
  Vec3 position_m{0, 0, 0};
  Quat rotation{1, 0, 0, 0};
};

Vec3 operator+(const Vec3& a, const Vec3& b);
Vec3 operator-(const Vec3& a, const Vec3& b);
Vec3 operator*(double factor, const Vec3& v);
double Norm(const Vec3& v);
double HorizontalNorm(const Vec3& v);  // of x and y
// v, shortened to `longest` if it is longer.
Vec3 Shortened(const Vec3& v, double longest);

Quat operator*(const Quat& a, const Quat& b);  // b first
Quat Inverse(const Quat& q);
Vec3 Rotate(const Quat& q, const Vec3& v);

Pose operator*(const Pose& outer, const Pose& inner);
Pose Inverse(const Pose& pose);

// Axis times angle, the angle in 0 .. pi.
Vec3 RotationVector(const Quat& q);
Quat FromRotationVector(const Vec3& v);
Quat AboutZ(double angle_rad);
// The angle about z that the rotated x axis has.
double YawOf(const Quat& q);
// The same rotation with the sign that makes w >= 0: quaternions in datasets don't jump.
Quat Canonical(const Quat& q);
// Row by row, as MuJoCo has it.
Quat FromMatrix(const double* matrix);

// In (-pi, pi].
double WrapAngle(double angle_rad);

}  // namespace heddle::sim
