// A success rate and its interval; what clusters do to it.
#pragma once

#include <cstdint>
#include <span>

#include "heddle/stats/summary.h"

namespace heddle::stats {

// Wilson's score interval of a binomial rate, successes of n trials: the rates p with
// |successes - np| <= z sqrt(n p (1 - p)). Over p in .05 .. .95 its 95 % intervals cover in 95 % of all cases on
// average and in no less than 93 %, at n = 50, 200 and 600. Both counts may be fractions (see DesignEffect); 0 <=
// successes <= n and n > 0 (kBug otherwise).
Interval WilsonInterval(double successes, double n, double level = 0.95);

// One outcome: of an episode seed (the cluster) by a policy of one training seed (the stratum).
struct ClusteredValue {
  int64_t cluster = 0;
  int64_t stratum = 0;
  double value = 0;
};

// How many times larger the variance of the mean is than if all values were independent: policies of several training
// seeds that begin from the same resets find the same ones hard. Strata are fixed (their means differ, and that is no
// noise), clusters are drawn:
//
//   sum over clusters of (sum over strata of r)^2 / sum of r^2,    r = value - mean of its stratum,
//
// never below 1, and exactly 1 where no cluster has two values. An interval for independent values covers if its counts
// are divided by this.
double DesignEffect(std::span<const ClusteredValue> values);

}  // namespace heddle::stats
