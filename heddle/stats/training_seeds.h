// What a comparison says of the recipe and not just of the checkpoints that were tried.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "heddle/stats/proportion.h"
#include "heddle/stats/summary.h"

namespace heddle::stats {

// The interval of the mean difference over all training seeds (strata) and episode seeds (clusters), from three
// training seeds on; nothing below that. The half width joins two independent parts,
//
//   sqrt((t s / sqrt(S))^2 + (z e)^2),
//
// s the standard deviation of the S training seeds' differences with Student's t at S - 1 degrees (this has the
// episodes' noise in it as far as it differs between training seeds), e the standard error of what episodes do to all
// training seeds alike.
std::optional<Interval> TrainingSeedsInterval(std::span<const ClusteredValue> differences, double level = 0.95);

}  // namespace heddle::stats
