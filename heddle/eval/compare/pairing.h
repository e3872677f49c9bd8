// Outcomes of two policies in the same episodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/eval/compare/evidence_set.h"
#include "heddle/stats/paired.h"
#include "heddle/stats/proportion.h"

namespace heddle::eval {

struct Pairing {
  // cluster: episode seed; stratum: which pair of training seeds; value: B succeeded minus A succeeded.
  std::vector<stats::ClusteredValue> differences;
  int64_t strata = 0, episodes = 0;  // training seeds, episode seeds
  bool strata_match = true;          // false where one run of A stands against several of B, or the other way round
  std::string note;                  // how training seeds were matched, where that is not obvious
  int64_t without_partner_a = 0, without_partner_b = 0;  // rows

  // For the sequential test: in the order of episode seeds, the mean over training seeds, up to the first episode that
  // is not there for all of them while later ones are (an episode under way ends the sooner the better it goes, so
  // taking those that are there would favour whoever is being evaluated); `waiting` are the later ones.
  std::vector<double> in_order;
  int64_t waiting = 0;

  stats::PairedCounts counts() const;
};

// Training seeds that both have are matched; where they have none in common, in their order if there are as many; and a
// policy with one run is matched with all runs of the other. No pairs, and a note, where none of this fits.
Pairing PairUp(const PolicyEvidence& a, const PolicyEvidence& b, Metric metric);

}  // namespace heddle::eval
