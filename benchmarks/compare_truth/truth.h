// The statistics of `heddle compare` where the truth is known. Each function gives rows for
// results/compare_truth.jsonl: computed over all outcomes where these can be counted ("exact"), simulated else.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace truth {

using Rows = std::vector<nlohmann::ordered_json>;

// Coverage of 95 % intervals over success rates .05 .. .95.
Rows WilsonCoverage();
Rows PairedCoverage();
Rows UnpairedCoverage();
// Coverage with three training seeds that meet the same episodes, some hard and some easy.
Rows ClusteredCoverage(int64_t runs);

// How often a test finds a difference where there is none.
Rows ExactSizes();
Rows ClusteredSizes(int64_t runs);
Rows NonInferioritySizes();
Rows PickedSizes(int64_t runs);

// False verdicts of the sequential test with a look after every episode, and when it stops.
Rows SequentialErrors(int64_t runs);
Rows SequentialStops(int64_t runs);
// "about so many more", said after 40 episodes, beside how many it then took.
Rows SequentialForecasts(int64_t runs);

}  // namespace truth
