#include "heddle/stats/sequential.h"

#include <algorithm>
#include <string>

#include "benchmarks/compare_truth/truth.h"
#include "heddle/core/random.h"
#include "heddle/stats/paired_power.h"

namespace truth {
namespace {

namespace stats = heddle::stats;
using heddle::RandomStream;
using Verdict = stats::SequentialTest::Verdict;

constexpr int64_t kLongest = 2000;

stats::SequentialTest Watch(RandomStream random, int64_t episodes, double p_better, double p_worse) {
  stats::SequentialTest test;
  for (int64_t e = 0; e < episodes && test.verdict() == Verdict::kKeepGoing; ++e) {
    const double u = random.Uniform();
    test.Add(u < p_better ? 1 : u < p_better + p_worse ? -1 : 0);
  }
  return test;
}

}  // namespace

Rows SequentialErrors(int64_t runs) {
  Rows rows;
  const RandomStream root(4, "sequential errors");
  for (const double discordance : {0.05, 0.1, 0.2, 0.4, 0.8}) {
    int64_t wrong = 0;
    for (int64_t run = 0; run < runs; ++run) {
      const RandomStream random =
          root.Split(static_cast<uint64_t>(discordance * 1000)).Split(static_cast<uint64_t>(run));
      wrong += Watch(random, kLongest, discordance / 2, discordance / 2).verdict() != Verdict::kKeepGoing;
    }
    rows.push_back({{"what", "false-verdicts"},
                    {"discordance", discordance},
                    {"episodes", kLongest},
                    {"runs", runs},
                    {"share", static_cast<double>(wrong) / static_cast<double>(runs)}});
  }
  return rows;
}

Rows SequentialStops(int64_t runs) {
  Rows rows;
  const RandomStream root(5, "sequential stops");
  for (const double discordance : {0.2, 0.4}) {
    for (const double effect : {0.05, 0.1, 0.15, 0.2}) {
      const int64_t fixed = stats::PairsNeeded(effect, discordance), longest = 20 * fixed;
      std::vector<int64_t> stops;
      double sum = 0;
      int64_t wrong = 0, sooner = 0;
      for (int64_t run = 0; run < runs; ++run) {
        const RandomStream random = root.Split(static_cast<uint64_t>(discordance * 1000))
                                        .Split(static_cast<uint64_t>(effect * 1000))
                                        .Split(static_cast<uint64_t>(run));
        const auto test = Watch(random, longest, (discordance + effect) / 2, (discordance - effect) / 2);
        stops.push_back(test.stopped_at().value_or(longest));
        sum += static_cast<double>(stops.back());
        wrong += test.verdict() == Verdict::kAIsBetter;
        sooner += stops.back() <= fixed;
      }
      std::sort(stops.begin(), stops.end());
      const auto share = [&](int64_t count) { return static_cast<double>(count) / static_cast<double>(runs); };
      const auto at = [&](double q) { return stops[static_cast<size_t>(q * static_cast<double>(runs - 1))]; };
      rows.push_back({{"what", "stops"},
                      {"discordance", discordance},
                      {"difference", effect},
                      {"runs", runs},
                      {"fixed_80", fixed},
                      {"fixed_95", stats::PairsNeeded(effect, discordance, 0.95)},
                      {"mean", sum / static_cast<double>(runs)},
                      {"median", at(0.5)},
                      {"q95", at(0.95)},
                      {"sooner_than_fixed", share(sooner)},
                      {"wrong", share(wrong)}});
    }
  }
  return rows;
}

Rows SequentialForecasts(int64_t runs) {
  constexpr int64_t kAsked = 40, kGivenUp = 20000;
  constexpr double kDiscordance = 0.3;
  Rows rows;
  const RandomStream root(6, "sequential forecasts");
  for (const double effect : {0.1, 0.15}) {
    int64_t open = 0, no_end = 0, sooner = 0, within_twice = 0;
    for (int64_t run = 0; run < runs; ++run) {
      const RandomStream random = root.Split(static_cast<uint64_t>(effect * 1000)).Split(static_cast<uint64_t>(run));
      const double p_better = (kDiscordance + effect) / 2, p_worse = (kDiscordance - effect) / 2;
      const auto then = Watch(random, kAsked, p_better, p_worse);
      if (then.verdict() != Verdict::kKeepGoing) continue;
      ++open;
      const auto forecast = then.ExpectedMore();
      if (!forecast) {
        ++no_end;
        continue;
      }
      const int64_t more = Watch(random, kGivenUp, p_better, p_worse).stopped_at().value_or(kGivenUp) - kAsked;
      sooner += more <= *forecast;
      within_twice += more <= 2 * *forecast;
    }
    const auto share = [&](int64_t count) { return static_cast<double>(count) / static_cast<double>(open); };
    rows.push_back({{"what", "forecasts"},
                    {"discordance", kDiscordance},
                    {"difference", effect},
                    {"asked_after", kAsked},
                    {"open", open},
                    {"no_end", share(no_end)},
                    {"within", share(sooner)},
                    {"within_twice", share(within_twice)}});
  }
  return rows;
}

}  // namespace truth
