#include "heddle/mixture/pose_math.h"

#include <cmath>

namespace heddle::mixture {
namespace {

constexpr double kShortest = 1e-6;

double Dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
Vec3 Cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Vec3 Scaled(double factor, const Vec3& v) { return {factor * v[0], factor * v[1], factor * v[2]}; }

// Of a matrix with columns x, y, z, by the largest of the four squares, so that nothing small is divided by.
Quat FromAxes(const Vec3& x, const Vec3& y, const Vec3& z) {
  const double trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const double s = 2 * std::sqrt(1 + trace);
    return {s / 4, (y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s};
  }
  if (x[0] >= y[1] && x[0] >= z[2]) {
    const double s = 2 * std::sqrt(1 + x[0] - y[1] - z[2]);
    return {(y[2] - z[1]) / s, s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s};
  }
  if (y[1] >= z[2]) {
    const double s = 2 * std::sqrt(1 + y[1] - x[0] - z[2]);
    return {(z[0] - x[2]) / s, (y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s};
  }
  const double s = 2 * std::sqrt(1 + z[2] - x[0] - y[1]);
  return {(x[1] - y[0]) / s, (z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4};
}

}  // namespace

Quat Times(const Quat& a, const Quat& b) {
  return {a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3], a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
          a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1], a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]};
}

Quat Conjugate(const Quat& q) { return {q[0], -q[1], -q[2], -q[3]}; }

Vec3 Rotated(const Quat& q, const Vec3& v) {
  const Quat moved = Times(Times(q, {0, v[0], v[1], v[2]}), Conjugate(q));
  return {moved[1], moved[2], moved[3]};
}

RigidPose Times(const RigidPose& outer, const RigidPose& inner) {
  const Vec3 moved = Rotated(outer.rotation, inner.position);
  return {{outer.position[0] + moved[0], outer.position[1] + moved[1], outer.position[2] + moved[2]},
          Times(outer.rotation, inner.rotation)};
}

std::optional<Quat> Normalised(const Quat& q) {
  const double norm = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
  if (!(norm > kShortest)) return std::nullopt;
  return Quat{q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm};
}

Quat FromRotationVector(const Vec3& v) {
  const double angle = std::sqrt(Dot(v, v));
  // sin(angle / 2) / angle, whose series is 1/2 - angle^2 / 48.
  const double scale = angle < 1e-4 ? 0.5 - angle * angle / 48 : std::sin(angle / 2) / angle;
  return {std::cos(angle / 2), scale * v[0], scale * v[1], scale * v[2]};
}

Vec3 RotationVector(const Quat& q) {
  const double sign = q[0] < 0 ? -1 : 1;
  const Vec3 axis = {sign * q[1], sign * q[2], sign * q[3]};
  const double sine = std::sqrt(Dot(axis, axis)), cosine = sign * q[0];
  const double angle = 2 * std::atan2(sine, cosine);
  return Scaled(sine < 1e-8 ? 2 : angle / sine, axis);
}

std::array<double, 6> Columns(const Quat& q) {
  const Vec3 x = Rotated(q, {1, 0, 0}), y = Rotated(q, {0, 1, 0});
  return {x[0], x[1], x[2], y[0], y[1], y[2]};
}

std::optional<Quat> FromColumns(const std::array<double, 6>& columns) {
  Vec3 x = {columns[0], columns[1], columns[2]}, y = {columns[3], columns[4], columns[5]};
  const double x_norm = std::sqrt(Dot(x, x));
  if (!(x_norm > kShortest)) return std::nullopt;
  x = Scaled(1 / x_norm, x);
  const double along = Dot(x, y);
  y = {y[0] - along * x[0], y[1] - along * x[1], y[2] - along * x[2]};
  const double y_norm = std::sqrt(Dot(y, y));
  if (!(y_norm > kShortest)) return std::nullopt;
  y = Scaled(1 / y_norm, y);
  return FromAxes(x, y, Cross(x, y));
}

}  // namespace heddle::mixture
