// Two policies on different episodes, or of which only counts were published: successes of n, each.
#pragma once

#include <cstdint>

#include "heddle/stats/summary.h"

namespace heddle::stats {

// 0 <= successes <= n, n > 0 (kBug otherwise).
struct RateCounts {
  int64_t successes = 0, n = 0;
  double rate() const { return static_cast<double>(successes) / static_cast<double>(n); }
};

// Interval of the difference rate(b) - rate(a) by Miettinen and Nurminen's score test. Over rates .05 .. .95 its 95 %
// intervals cover in 95 % of all cases on average and in no less than 93 %, at n = 50, 200 and 600.
Interval UnpairedInterval(const RateCounts& a, const RateCounts& b, double level = 0.95);

// P that b would look at least as good if rate(b) - rate(a) were -margin, by the same score (one-sided;
// non-inferiority). margin in (0, 1).
double UnpairedNonInferiorityP(const RateCounts& a, const RateCounts& b, double margin);

// Fisher's exact test, two-sided: P of all tables with these margins that are no likelier than the one seen.
double FisherP(const RateCounts& a, const RateCounts& b);

// Boschloo's exact test: how probable so small a p of Fisher's is, at the common rate at which that is most probable.
// Its size is at most the level, too, and it finds more. Up to n = 1000 each; Fisher's p beyond.
double BoschlooP(const RateCounts& a, const RateCounts& b);

}  // namespace heddle::stats
