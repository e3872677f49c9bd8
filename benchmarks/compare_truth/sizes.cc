#include <algorithm>
#include <cmath>
#include <string>

#include "benchmarks/compare_truth/episodes.h"
#include "benchmarks/compare_truth/truth.h"
#include "heddle/stats/corrections.h"
#include "heddle/stats/distributions.h"
#include "heddle/stats/paired.h"
#include "heddle/stats/unpaired.h"

namespace truth {
namespace {

namespace stats = heddle::stats;
using Json = nlohmann::ordered_json;

constexpr double kLevel = 0.05;

struct Largest {
  double value = 0, at = 0;
  void See(double seen, double where) {
    if (seen > value) value = seen, at = where;
  }
};

Json SizeRow(const std::string& test, int64_t n, const std::string& how, const Largest& largest,
             const std::string& where, double level = kLevel) {
  return {{"what", "size"}, {"test", test},          {"n", n},     {"how", how},
          {"level", level}, {"size", largest.value}, {"at", where}};
}

std::string At(const char* name, double value) { return std::string(name) + " " + std::to_string(value).substr(0, 5); }

// Rejections of the exact paired test among m discordant pairs, where better and worse are equally likely.
double SizeGiven(int64_t m) {
  double size = 0;
  for (int64_t better = 0; better <= m; ++better) {
    if (stats::ExactPairedP({{1, m}}, 2 * better - m) <= kLevel) size += stats::BinomialMass(better, m, 0.5);
  }
  return size;
}

Rows PairedSizes() {
  Rows rows;
  for (const int64_t n : {50, 200, 600}) {
    std::vector<double> given;
    for (int64_t m = 0; m <= n; ++m) given.push_back(SizeGiven(m));
    Largest largest;
    for (int step = 1; step <= 200; ++step) {
      const double discordance = step / 200.0;
      double size = 0;
      for (int64_t m = 0; m <= n; ++m) size += stats::BinomialMass(m, n, discordance) * given[static_cast<size_t>(m)];
      largest.See(size, discordance);
    }
    rows.push_back(SizeRow("exact paired", n, "exact", largest, At("discordance", largest.at)));
  }
  return rows;
}

template <class Test>
Json UnpairedSize(const char* name, int64_t n, const Test& test) {
  std::vector<std::pair<int64_t, int64_t>> rejected;
  for (int64_t x = 0; x <= n; ++x) {
    for (int64_t y = 0; y <= n; ++y) {
      if (test(stats::RateCounts{x, n}, stats::RateCounts{y, n}) <= kLevel) rejected.emplace_back(x, y);
    }
  }
  Largest largest;
  for (int step = 1; step < 200; ++step) {
    const double rate = step / 200.0;
    double size = 0;
    for (const auto& [x, y] : rejected) size += stats::BinomialMass(x, n, rate) * stats::BinomialMass(y, n, rate);
    largest.See(size, rate);
  }
  return SizeRow(name, n, "exact", largest, At("rate", largest.at));
}

double ClusteredSize(heddle::RandomStream random, int64_t runs, int64_t n, double rate, double spread) {
  int64_t rejected = 0;
  for (int64_t run = 0; run < runs; ++run) {
    const Episodes episodes = Draw(random, n, rate, spread, 0);
    rejected += stats::ExactPairedP(episodes.magnitudes, episodes.sum) <= kLevel;
  }
  return static_cast<double>(rejected) / static_cast<double>(runs);
}

// A and B are equally good on average, but with probability `wins` B wins an episode with every training seed, and
// three times as often it loses one with one of them: not a case of "no difference on any kind of episode".
double OpposedSize(heddle::RandomStream random, int64_t runs, int64_t n, double wins) {
  int64_t rejected = 0;
  for (int64_t run = 0; run < runs; ++run) {
    std::map<int64_t, int64_t> magnitudes;
    int64_t sum = 0;
    for (int64_t e = 0; e < n; ++e) {
      const double u = random.Uniform();
      const int64_t d = u < wins ? kSeeds : u < wins * static_cast<double>(1 + kSeeds) ? -1 : 0;
      sum += d;
      if (d != 0) ++magnitudes[std::abs(d)];
    }
    rejected += stats::ExactPairedP(magnitudes, sum) <= kLevel;
  }
  return static_cast<double>(rejected) / static_cast<double>(runs);
}

}  // namespace

Rows ExactSizes() {
  Rows rows = PairedSizes();
  for (const int64_t n : {30, 50}) {
    rows.push_back(UnpairedSize("Boschloo, unpaired", n, stats::BoschlooP));
    rows.push_back(UnpairedSize("Fisher, unpaired", n, stats::FisherP));
  }
  return rows;
}

Rows ClusteredSizes(int64_t runs) {
  Rows rows;
  const heddle::RandomStream root(2, "clustered sizes");
  for (const int64_t n : {50, 200}) {
    const heddle::RandomStream of_n = root.Split(static_cast<uint64_t>(n));
    const std::string how = std::to_string(runs) + " runs";
    const auto row = [&](double size, const char* where) {
      rows.push_back(SizeRow("sign flips by episode, 3 training seeds", n, how, {size, 0}, where));
    };
    row(ClusteredSize(of_n.Split("even"), runs, n, 0.5, 0), "all episodes alike");
    row(ClusteredSize(of_n.Split("hard"), runs, n, 0.5, 0.4), "hard and easy episodes");
    row(OpposedSize(of_n.Split("opposed"), runs, n, 0.1), "B wins on 10 % of episodes and loses on others");
    row(OpposedSize(of_n.Split("rarely opposed"), runs, n, 0.03), "B wins on 3 % of episodes and loses on others");
  }
  return rows;
}

Rows NonInferioritySizes() {
  Rows rows;
  for (const int64_t n : {50, 200, 600}) {
    for (const double margin : {0.05, 0.1}) {
      std::vector<std::pair<int64_t, int64_t>> shown;
      for (int64_t better = 0; better <= n; ++better) {
        for (int64_t worse = 0; worse <= n - better; ++worse) {
          const stats::PairedCounts counts{static_cast<double>(better), static_cast<double>(worse),
                                           static_cast<double>(n)};
          if (stats::NonInferiorityP(counts, margin) <= kLevel / 2) shown.emplace_back(better, worse);
        }
      }
      Largest largest;
      for (int step = 0; step <= 40; ++step) {
        const double discordance = margin + (0.95 - margin) * step / 40.0;
        const double share = (discordance - margin) / (2 * discordance);
        std::vector<double> of_m;
        for (int64_t m = 0; m <= n; ++m) of_m.push_back(stats::BinomialMass(m, n, discordance));
        double size = 0;
        for (const auto& [better, worse] : shown) {
          const double mass = of_m[static_cast<size_t>(better + worse)];
          if (mass > 1e-12) size += mass * stats::BinomialMass(better, better + worse, share);
        }
        largest.See(size, discordance);
      }
      rows.push_back(SizeRow("non-inferiority by " + std::to_string(margin).substr(0, 4), n, "exact", largest,
                             At("discordance", largest.at), kLevel / 2));
    }
  }
  return rows;
}

// Seven candidates as good as the baseline, all on the same 200 episodes; the best of them is held against it.
Rows PickedSizes(int64_t runs) {
  constexpr int64_t kCandidates = 7, kEpisodes = 200;
  heddle::RandomStream random(3, "picked");
  int64_t naive = 0, corrected = 0;
  for (int64_t run = 0; run < runs; ++run) {
    int64_t better[kCandidates] = {}, worse[kCandidates] = {};
    for (int64_t e = 0; e < kEpisodes; ++e) {
      const double here = random.Uniform() < 0.5 ? 0.3 : 0.7;
      const bool a = random.Uniform() < here;
      for (int64_t k = 0; k < kCandidates; ++k) {
        const bool b = random.Uniform() < here;
        better[k] += b && !a, worse[k] += a && !b;
      }
    }
    int64_t best = 0;
    for (int64_t k = 1; k < kCandidates; ++k) {
      if (better[k] - worse[k] > better[best] - worse[best]) best = k;
    }
    const double p = stats::ExactPairedP({{1, better[best] + worse[best]}}, better[best] - worse[best]);
    naive += p <= kLevel && better[best] > worse[best];
    corrected += stats::HolmP(std::vector<double>{p}, kCandidates)[0] <= kLevel;
  }
  const auto share = [&](int64_t count) { return static_cast<double>(count) / static_cast<double>(runs); };
  const std::string how = std::to_string(runs) + " runs";
  return {SizeRow("best of 7, corrected", kEpisodes, how, {share(corrected), 0}, "all as good as the baseline"),
          SizeRow("best of 7, not corrected", kEpisodes, how, {share(naive), 0}, "all as good as the baseline")};
}

}  // namespace truth
