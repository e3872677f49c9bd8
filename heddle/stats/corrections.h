// Several comparisons at once, and policies that were picked because they looked best.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heddle::stats {

// Holm's corrected p of each: at most `level` of all families show any false difference if those with p <= level are
// believed, whatever their dependence. `family` >= p.size() is how many there were to choose from: those that are not
// given count as without effect. With one p and a family of m this is Bonferroni's correction for having picked the
// best of m on these same episodes: min(1, m p).
std::vector<double> HolmP(std::span<const double> p, int64_t family);

}  // namespace heddle::stats
