// Episodes that are hard or easy for everyone: the truth behind simulated pairs of several training seeds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/stats/proportion.h"

namespace truth {

constexpr int64_t kSeeds = 3;

struct Episodes {
  std::vector<heddle::stats::ClusteredValue> a, differences;
  // Sums of differences by episode.
  std::map<int64_t, int64_t> magnitudes;
  int64_t sum = 0;
};

// n episodes: with probability `hard` (a half) a success is `spread` less likely, else more; B's rate is `effect` above
// A's. Rates stay in [0, 1] for rate ± spread ± effect in there.
inline Episodes Draw(heddle::RandomStream& random, int64_t n, double rate, double spread, double effect) {
  Episodes episodes;
  for (int64_t e = 0; e < n; ++e) {
    const double here = rate + (random.Uniform() < 0.5 ? spread : -spread);
    int64_t of_episode = 0;
    for (int64_t s = 0; s < kSeeds; ++s) {
      const int a = random.Uniform() < here, b = random.Uniform() < here + effect;
      episodes.a.push_back({e, s, static_cast<double>(a)});
      episodes.differences.push_back({e, s, static_cast<double>(b - a)});
      of_episode += b - a;
    }
    episodes.sum += of_episode;
    if (of_episode != 0) ++episodes.magnitudes[std::abs(of_episode)];
  }
  return episodes;
}

}  // namespace truth
