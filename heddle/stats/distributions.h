// The few distributions that tests and intervals here need.
#pragma once

#include <cstdint>

namespace heddle::stats {

// P(F > f) for F ~ F(degrees_above, degrees_below). Degrees may be fractional; both must be positive (kBug otherwise).
double FTail(double f, double degrees_above, double degrees_below);

// The t with P(T <= t) = p for Student's T with `degrees` > 0; p in (0, 1).
double TQuantile(double p, double degrees);

// The z with P(Z <= z) = p for a standard normal Z; p in (0, 1).
double NormalQuantile(double p);
// P(Z > z); z may be infinite.
double NormalTail(double z);

// P(X = k) and P(X >= k) for X ~ Binomial(n, p); any k, n >= 0, p in [0, 1].
double BinomialMass(int64_t k, int64_t n, double p);
double BinomialTail(int64_t k, int64_t n, double p);

// ln of n over k, 0 <= k <= n.
double LogChoose(int64_t n, int64_t k);

}  // namespace heddle::stats
