#include "heddle/sim/pose.h"

#include <mujoco/mujoco.h>

#include <cmath>
#include <numbers>

namespace heddle::sim {

Vec3 operator+(const Vec3& a, const Vec3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
Vec3 operator-(const Vec3& a, const Vec3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Vec3 operator*(double factor, const Vec3& v) { return {factor * v[0], factor * v[1], factor * v[2]}; }
double Norm(const Vec3& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }
double HorizontalNorm(const Vec3& v) { return std::hypot(v[0], v[1]); }

Vec3 Shortened(const Vec3& v, double longest) {
  const double length = Norm(v);
  return length <= longest ? v : (longest / length) * v;
}

Quat operator*(const Quat& a, const Quat& b) {
  Quat product;
  mju_mulQuat(product.data(), a.data(), b.data());
  return product;
}

Quat Inverse(const Quat& q) { return {q[0], -q[1], -q[2], -q[3]}; }

Vec3 Rotate(const Quat& q, const Vec3& v) {
  Vec3 rotated;
  mju_rotVecQuat(rotated.data(), v.data(), q.data());
  return rotated;
}

Pose operator*(const Pose& outer, const Pose& inner) {
  return {.position_m = outer.position_m + Rotate(outer.rotation, inner.position_m),
          .rotation = outer.rotation * inner.rotation};
}

Pose Inverse(const Pose& pose) {
  const Quat back = Inverse(pose.rotation);
  return {.position_m = -1.0 * Rotate(back, pose.position_m), .rotation = back};
}

Vec3 RotationVector(const Quat& q) {
  Vec3 vector;
  mju_quat2Vel(vector.data(), Canonical(q).data(), 1);
  return vector;
}

Quat FromRotationVector(const Vec3& v) {
  const double angle = Norm(v);
  if (angle < 1e-12) return {1, 0, 0, 0};
  Quat q;
  const Vec3 axis = (1 / angle) * v;
  mju_axisAngle2Quat(q.data(), axis.data(), angle);
  return q;
}

Quat AboutZ(double angle_rad) { return {std::cos(angle_rad / 2), 0, 0, std::sin(angle_rad / 2)}; }

double YawOf(const Quat& q) {
  const Vec3 x = Rotate(q, {1, 0, 0});
  return std::atan2(x[1], x[0]);
}

Quat Canonical(const Quat& q) { return q[0] < 0 ? Quat{-q[0], -q[1], -q[2], -q[3]} : q; }

Quat FromMatrix(const double* matrix) {
  Quat q;
  mju_mat2Quat(q.data(), matrix);
  return q;
}

double WrapAngle(double angle_rad) {
  const double wrapped = std::remainder(angle_rad, 2 * std::numbers::pi);
  return wrapped <= -std::numbers::pi ? wrapped + 2 * std::numbers::pi : wrapped;
}

}  // namespace heddle::sim
