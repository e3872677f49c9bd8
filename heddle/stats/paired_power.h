// How many pairs a paired test needs.
#pragma once

#include <cstdint>

namespace heddle::stats {

// Power of the exact paired test (one training seed) with n pairs, where the true difference is `difference` and pairs
// are discordant with probability `discordance` (raised to |difference|, below which it can't be).
double PairedPower(int64_t n, double difference, double discordance, double level = 0.05);

// The fewest pairs for that power (bisected: the power goes up in a fine saw). difference in (0, 1]; at most
// kMostPairs, which means that many or more.
inline constexpr int64_t kMostPairs = 200'000;
int64_t PairsNeeded(double difference, double discordance, double power = 0.8, double level = 0.05);

// The smallest difference that n pairs show with that power; 1 where even that is not enough.
double DetectableDifference(int64_t n, double discordance, double power = 0.8, double level = 0.05);

}  // namespace heddle::stats
