#include <algorithm>
#include <cmath>
#include <map>

#include "benchmarks/compare_truth/truth.h"
#include "heddle/stats/distributions.h"
#include "heddle/stats/paired.h"
#include "heddle/stats/proportion.h"
#include "heddle/stats/unpaired.h"

namespace truth {
namespace {

namespace stats = heddle::stats;
using Json = nlohmann::ordered_json;

constexpr int64_t kSizes[] = {50, 200, 600};
constexpr double kReach = 7.5;  // standard deviations beyond which outcomes are left out: less than 1e-12 of them

double Rounded(double value) { return std::round(value * 1e5) / 1e5; }

std::vector<double> Masses(int64_t n, double p) {
  std::vector<double> masses;
  for (int64_t x = 0; x <= n; ++x) masses.push_back(stats::BinomialMass(x, n, p));
  return masses;
}

struct Range {
  int64_t first, last;
};
Range Likely(int64_t n, double p) {
  const double mean = static_cast<double>(n) * p, reach = kReach * std::sqrt(mean * (1 - p)) + kReach;
  return {std::max<int64_t>(0, static_cast<int64_t>(mean - reach)),
          std::min<int64_t>(n, static_cast<int64_t>(mean + reach) + 1)};
}

bool Holds(const stats::Interval& interval, double value) {
  return interval.low <= value + 1e-12 && value - 1e-12 <= interval.high;
}

// Intervals of all outcomes (better, worse) of n pairs.
class PairedTable {
 public:
  explicit PairedTable(int64_t n) : n_(n) {
    for (int64_t better = 0; better <= n; ++better) {
      for (int64_t worse = 0; worse <= n - better; ++worse) {
        intervals_.push_back(
            stats::PairedInterval({static_cast<double>(better), static_cast<double>(worse), static_cast<double>(n)}));
      }
    }
  }
  const stats::Interval& At(int64_t better, int64_t worse) const {
    return intervals_[static_cast<size_t>(better * (n_ + 1) - better * (better - 1) / 2 + worse)];
  }
  double Coverage(double p_better, double p_worse) const {
    const double difference = p_better - p_worse, discordance = p_better + p_worse;
    double covered = 0;
    const Range range = Likely(n_, discordance);
    for (int64_t m = range.first; m <= range.last; ++m) {
      const double share = discordance > 0 ? p_better / discordance : 0.5;
      const Range inner = Likely(m, share);
      double of_m = 0;
      for (int64_t better = inner.first; better <= inner.last; ++better) {
        if (Holds(At(better, m - better), difference)) of_m += stats::BinomialMass(better, m, share);
      }
      covered += stats::BinomialMass(m, n_, discordance) * of_m;
    }
    return covered;
  }

 private:
  const int64_t n_;
  std::vector<stats::Interval> intervals_;
};

// Means over one rate, at each value of the other: the curve of a table of two rates.
Json CurveOver(const std::map<double, std::vector<double>>& by_rate) {
  Json curve = Json::array();
  for (const auto& [rate, values] : by_rate) {
    double sum = 0;
    for (const double value : values) sum += value;
    curve.push_back({Rounded(rate), Rounded(sum / static_cast<double>(values.size())),
                     Rounded(*std::min_element(values.begin(), values.end()))});
  }
  return curve;
}

Json RowOf(const char* interval, int64_t n, const std::map<double, std::vector<double>>& by_rate) {
  double sum = 0, least = 1, most = 0;
  int64_t count = 0;
  for (const auto& [rate, values] : by_rate) {
    for (const double value : values) {
      sum += value, ++count;
      least = std::min(least, value), most = std::max(most, value);
    }
  }
  return {{"what", "coverage"},      {"interval", interval},  {"n", n},
          {"how", "exact"},          {"truths", count},       {"mean", Rounded(sum / static_cast<double>(count))},
          {"least", Rounded(least)}, {"most", Rounded(most)}, {"curve", CurveOver(by_rate)}};
}

}  // namespace

Rows WilsonCoverage() {
  Rows rows;
  for (const int64_t n : kSizes) {
    std::map<double, std::vector<double>> by_rate;
    for (int step = 50; step <= 950; ++step) {
      const double rate = step / 1000.0;
      double covered = 0;
      for (int64_t x = 0; x <= n; ++x) {
        const auto interval = stats::WilsonInterval(static_cast<double>(x), static_cast<double>(n));
        if (Holds(interval, rate)) covered += stats::BinomialMass(x, n, rate);
      }
      by_rate[std::round(rate * 20) / 20].push_back(covered);
    }
    rows.push_back(RowOf("rate (Wilson)", n, by_rate));
  }
  return rows;
}

// Both rates from .05 to .95, and dependence within pairs from none to nine tenths of what the rates allow.
Rows PairedCoverage() {
  Rows rows;
  for (const int64_t n : kSizes) {
    const PairedTable table(n);
    std::map<double, std::vector<double>> by_rate;
    for (int i = 1; i <= 19; ++i) {
      for (int j = 1; j <= 19; ++j) {
        const double a = i / 20.0, b = j / 20.0;
        for (const double dependence : {0.0, 0.3, 0.6, 0.9}) {
          const double both = a * b + dependence * (std::min(a, b) - a * b);
          by_rate[a].push_back(table.Coverage(b - both, a - both));
        }
      }
    }
    rows.push_back(RowOf("paired difference (Tango)", n, by_rate));
  }
  return rows;
}

Rows UnpairedCoverage() {
  Rows rows;
  for (const int64_t n : kSizes) {
    std::vector<stats::Interval> table;
    for (int64_t x = 0; x <= n; ++x) {
      for (int64_t y = 0; y <= n; ++y) table.push_back(stats::UnpairedInterval({x, n}, {y, n}));
    }
    std::map<double, std::vector<double>> by_rate;
    for (int i = 1; i <= 19; ++i) {
      for (int j = 1; j <= 19; ++j) {
        const double a = i / 20.0, b = j / 20.0;
        const std::vector<double> of_a = Masses(n, a), of_b = Masses(n, b);
        double covered = 0;
        for (int64_t x = 0; x <= n; ++x) {
          for (int64_t y = 0; y <= n; ++y) {
            if (Holds(table[static_cast<size_t>(x * (n + 1) + y)], b - a)) covered += of_a[x] * of_b[y];
          }
        }
        by_rate[a].push_back(covered);
      }
    }
    rows.push_back(RowOf("unpaired difference (Miettinen-Nurminen)", n, by_rate));
  }
  return rows;
}

}  // namespace truth
