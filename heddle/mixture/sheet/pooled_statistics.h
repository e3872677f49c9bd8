// Statistics of a mixture's numbers, as its windows have them: in the layout's units and at its rate.
#pragma once

#include "heddle/contract/statistics.h"
#include "heddle/mixture/source.h"

namespace heddle::mixture {

// Per feature of the layout: min, max, mean, std, q01 and q99 of each dimension, in double precision, over all training
// frames of all sources that have it; each frame counts once, whatever its source's weight. Quantiles are exact up to
// 2^20 frames, else of every k-th. Names are the layout's. kInput, with source, episode and frame, for a value that is
// not finite; usage error for a feature that no training episode has. What binding and reading sources throw.
contract::Statistics PoolStatistics(const Mixture& mixture);

}  // namespace heddle::mixture
