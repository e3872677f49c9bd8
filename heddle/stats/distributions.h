// The few distributions that tests and intervals here need.
#pragma once

namespace heddle::stats {

// P(F > f) for F ~ F(degrees_above, degrees_below). Degrees may be fractional; both must be positive (kBug otherwise).
double FTail(double f, double degrees_above, double degrees_below);

// The t with P(T <= t) = p for Student's T with `degrees` > 0; p in (0, 1).
double TQuantile(double p, double degrees);

}  // namespace heddle::stats
