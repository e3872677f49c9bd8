// Summaries of a handful of numbers: means with intervals over seeds, quantiles.
//
// All throw kInput for an empty list and for values that are not finite: a mean over what diverged is no mean.
#pragma once

#include <span>

namespace heddle::stats {

struct Interval {
  double low = 0;
  double high = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

double Mean(std::span<const double> values);

// exp of the mean logarithm. kInput unless all values are positive.
double GeometricMean(std::span<const double> values);

// Standard deviation with n - 1. Needs two values.
double StandardDeviation(std::span<const double> values);

// mean ± t_{(1 + level)/2, n-1} · sd/√n: covers the mean of the population in `level` of all cases where the values are
// independent and normal, at any n >= 2. With 3 seeds the factor is 4.3 and not 2.
Interval MeanInterval(std::span<const double> values, double level = 0.95);

// The p-quantile, p in [0, 1], linear between the order statistics (numpy's default, type 7). Quantile(v, .5) is the
// median.
double Quantile(std::span<const double> values, double p);

}  // namespace heddle::stats
