#include "heddle/eval/compare/pairing.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace heddle::eval {
namespace {

using SeedPairs = std::vector<std::pair<int64_t, int64_t>>;

std::vector<int64_t> TrainingSeeds(const PolicyEvidence& policy) {
  std::vector<int64_t> seeds;
  for (const auto& [seed, episodes] : policy.episodes) seeds.push_back(seed);
  return seeds;
}

SeedPairs MatchSeeds(const PolicyEvidence& a, const PolicyEvidence& b, Pairing& pairing) {
  const std::vector<int64_t> of_a = TrainingSeeds(a), of_b = TrainingSeeds(b);
  SeedPairs pairs;
  if (of_a.size() == 1 || of_b.size() == 1) {
    for (const int64_t x : of_a) {
      for (const int64_t y : of_b) pairs.emplace_back(x, y);
    }
    pairing.strata_match = pairs.size() == 1;
    if (pairs.size() > 1) {
      pairing.note = "one run of " + (of_a.size() == 1 ? a.label : b.label) + " stands against " +
                     std::to_string(pairs.size()) + " of " + (of_a.size() == 1 ? b.label : a.label);
    }
    return pairs;
  }
  std::vector<int64_t> common;
  std::set_intersection(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), std::back_inserter(common));
  for (const int64_t seed : common) pairs.emplace_back(seed, seed);
  if (!common.empty()) return pairs;
  if (of_a.size() != of_b.size()) {
    pairing.note = "the policies have no training seed in common, and not as many";
    return pairs;
  }
  for (size_t i = 0; i < of_a.size(); ++i) pairs.emplace_back(of_a[i], of_b[i]);
  pairing.note = "training seeds differ and were matched in their order";
  return pairs;
}

// episode seed -> sum of differences, how many strata have it.
struct EpisodeSum {
  double sum = 0;
  int64_t strata = 0;
};

void PutInOrder(const std::map<int64_t, EpisodeSum>& sums, const std::set<int64_t>& all_seeds, Pairing& pairing) {
  const auto is_complete = [&](int64_t seed) {
    const auto found = sums.find(seed);
    return found != sums.end() && found->second.strata == pairing.strata;
  };
  bool has_begun = false, has_hole = false;
  for (const int64_t seed : all_seeds) {
    const bool complete = is_complete(seed);
    if (complete && has_hole) ++pairing.waiting;
    if (complete && !has_hole) {
      pairing.in_order.push_back(sums.at(seed).sum / static_cast<double>(pairing.strata));
    }
    has_begun |= complete;
    has_hole |= has_begun && !complete;
  }
}

}  // namespace

stats::PairedCounts Pairing::counts() const {
  stats::PairedCounts counts{.n = static_cast<double>(differences.size())};
  for (const auto& d : differences) {
    counts.better += d.value > 0;
    counts.worse += d.value < 0;
  }
  return counts;
}

Pairing PairUp(const PolicyEvidence& a, const PolicyEvidence& b, Metric metric) {
  Pairing pairing;
  const SeedPairs pairs = MatchSeeds(a, b, pairing);
  pairing.strata = static_cast<int64_t>(pairs.size());
  std::map<int64_t, EpisodeSum> sums;
  std::set<int64_t> all_seeds;
  std::set<std::pair<int64_t, int64_t>> used_a, used_b;
  for (size_t stratum = 0; stratum < pairs.size(); ++stratum) {
    const auto &of_a = a.episodes.at(pairs[stratum].first), &of_b = b.episodes.at(pairs[stratum].second);
    for (const auto& [seed, outcome] : of_b) all_seeds.insert(seed);
    for (const auto& [seed, outcome_a] : of_a) {
      all_seeds.insert(seed);
      const auto found = of_b.find(seed);
      if (found == of_b.end()) continue;
      const double difference = (found->second.Success(metric) ? 1 : 0) - (outcome_a.Success(metric) ? 1 : 0);
      pairing.differences.push_back({seed, static_cast<int64_t>(stratum), difference});
      sums[seed].sum += difference;
      ++sums[seed].strata;
      used_a.emplace(pairs[stratum].first, seed), used_b.emplace(pairs[stratum].second, seed);
    }
  }
  pairing.episodes = static_cast<int64_t>(sums.size());
  pairing.without_partner_a = a.num_episodes() - static_cast<int64_t>(used_a.size());
  pairing.without_partner_b = b.num_episodes() - static_cast<int64_t>(used_b.size());
  PutInOrder(sums, all_seeds, pairing);
  return pairing;
}

}  // namespace heddle::eval
