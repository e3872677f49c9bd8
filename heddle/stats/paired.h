// Two policies on the same episodes: each pair says that B did better, worse, or the same.
//
// Δ = rate of B - rate of A = (better - worse)/n. Where B succeeds and A fails the pair is `better`, where A succeeds
// and B fails `worse`; pairs in which both do the same say nothing of who is better, but they do say how small Δ must
// be.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "heddle/stats/summary.h"

namespace heddle::stats {

// May be fractions, after division by a design effect (heddle/stats/proportion.h).
struct PairedCounts {
  double better = 0, worse = 0, n = 0;
  double difference() const { return (better - worse) / n; }
};

// Tango's score statistic against the hypothesis that the difference is `difference`: standard normal if it is,
// positive if the observed one is larger. n > 0, difference in [-1, 1].
double PairedScore(const PairedCounts& counts, double difference);

// The differences that this statistic does not reject. Over success rates .05 .. .95 and any dependence within pairs
// its 95 % intervals cover in 95 % of all cases on average and in no less than 93 %, at n = 50, 200 and 600.
Interval PairedInterval(const PairedCounts& counts, double level = 0.95);

// P that B - A would look at least as good if the true difference were -margin: small where B is shown to be worse by
// less than that (one-sided; non-inferiority). margin in (0, 1).
double NonInferiorityP(const PairedCounts& counts, double margin);

// The exact paired test, two-sided. An episode seed's pairs (one for each training seed) stand or fall together:
// magnitudes[k] is how many episode seeds have |better - worse| = k > 0, `sum` is the sum of all better - worse. Under
// the hypothesis that A and B are the same, each episode seed's sign is a fair coin, and
//
//   p = P(|sum of ±k| >= |sum|).
//
// With one training seed this is McNemar's exact test, whose size is at most the level whatever the truth. With several
// it is exact where no kind of episode favours either policy; where one wins on some kinds of episodes and loses on
// others, in equal parts, and all training seeds do so alike, its size is still near the level (up to 7 % for 5 % with
// three training seeds and 50 episodes, less with more).
double ExactPairedP(const std::map<int64_t, int64_t>& magnitudes, int64_t sum);

}  // namespace heddle::stats
