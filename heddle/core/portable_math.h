// Logarithm, sine and cosine that give the same bits on every IEEE-754 machine.
//
// The C library's differ from one version to the next in the last bit, which is enough to make two trainings of the
// same seed drift apart. These use only +, -, *, / and comparisons in a fixed order (their source is compiled without
// contraction into fused multiply-adds), and are within 1e-15 of the truth, relative for the logarithm and absolute for
// the other two.
#pragma once

namespace heddle {

// The natural logarithm of a normal, positive, finite x.
double PortableLog(double x);

// sin(2 pi turns) and cos(2 pi turns) for turns in [0, 1].
struct SinCos {
  double sin, cos;
};
SinCos PortableSinCosOfTurns(double turns);

}  // namespace heddle
