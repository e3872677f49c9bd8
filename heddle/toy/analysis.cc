#include "heddle/toy/analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "heddle/core/check.h"
#include "heddle/stats/summary.h"

namespace heddle::toy {
namespace {

// log10 of the geometric mean over seeds, for one column or target-only.
double LogMean(const Sweep& sweep, const std::vector<int>& seeds, int delta_z, int w, Measure measure) {
  double sum = 0;
  for (const int seed : seeds) sum += std::log10(ValueOf(sweep.outcome({seed, delta_z, w}).loss, measure));
  return sum / double(seeds.size());
}

// The column of least error out of distribution, over the given seeds.
int BestColumn(const Sweep& sweep, const std::vector<int>& seeds, int delta_z) {
  int best = 0;
  for (int w = 1; w < sweep.num_w(); ++w) {
    if (LogMean(sweep, seeds, delta_z, w, Measure::kOod) < LogMean(sweep, seeds, delta_z, best, Measure::kOod))
      best = w;
  }
  return best;
}

double GeometricTargetOnly(const Sweep& sweep, const std::vector<int>& seeds) {
  double sum = 0;
  for (const int seed : seeds) sum += std::log10(TargetOnlyOod(sweep, seed));
  return std::pow(10, sum / double(seeds.size()));
}

bool MostlyStructured(const Sweep& sweep, const std::vector<int>& seeds, int delta_z) {
  int structured = 0;
  for (int w = 0; w < sweep.num_w(); ++w)
    structured += RegimeOfCell(sweep, seeds, delta_z, w).regime == Regime::kStructured;
  return 2 * structured > sweep.num_w();
}

}  // namespace

std::string MeasureName(Measure measure) {
  switch (measure) {
    case Measure::kOod: return "ood";
    case Measure::kOodMedian: return "ood_median";
    case Measure::kWhole: return "whole";
    case Measure::kCovered: return "covered";
  }
  HEDDLE_DEMAND(false);
}

double ValueOf(const Losses& losses, Measure measure) {
  switch (measure) {
    case Measure::kOod: return losses.ood;
    case Measure::kOodMedian: return losses.ood_median;
    case Measure::kWhole: return losses.whole;
    case Measure::kCovered: return losses.covered;
  }
  HEDDLE_DEMAND(false);
}

double TargetOnlyOod(const Sweep& sweep, int seed) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < sweep.num_delta_z(); ++i) {
    const NetOutcome& outcome = sweep.outcome({seed, i, sweep.num_w()});
    if (outcome.complete) least = std::min(least, outcome.loss.ood);
  }
  return least;
}

double TransferOf(const Sweep& sweep, const NetKey& key) {
  return std::log10(TargetOnlyOod(sweep, key.seed) / sweep.outcome(key).loss.ood);
}

CellRegime RegimeOfCell(const Sweep& sweep, const std::vector<int>& seeds, int delta_z, int w) {
  HEDDLE_DEMAND(!seeds.empty());
  CellRegime cell;
  std::map<Regime, int> votes;
  for (const int seed : seeds) {
    const NetKey key{seed, delta_z, w};
    const Following& following = sweep.outcome(key).following;
    const double transfer = TransferOf(sweep, key), share = 1 / double(seeds.size());
    cell.transfer += transfer * share;
    cell.two_modes += following.two_modes * share;
    cell.source_share += following.source_share * share;
    ++votes[NameRegime(transfer, following)];
  }
  const auto most = std::max_element(votes.begin(), votes.end(), [](auto& a, auto& b) { return a.second < b.second; });
  cell.regime = most->first;
  cell.sure = double(most->second) / double(seeds.size());
  return cell;
}

double MeanLoss(const Sweep& sweep, const std::vector<int>& seeds, int delta_z, int w, Measure measure) {
  return std::pow(10, LogMean(sweep, seeds, delta_z, w, measure));
}

std::vector<BestRatio> BestRatios(const Sweep& sweep, const std::vector<int>& seeds) {
  std::vector<BestRatio> rows;
  for (int i = 0; i < sweep.num_delta_z() && !seeds.empty(); ++i) {
    if (!MostlyStructured(sweep, seeds, i)) continue;
    const auto w_at = [&](int column) { return sweep.options().w[std::size_t(column)]; };
    const int best = BestColumn(sweep, seeds, i);
    BestRatio row{.delta_z = sweep.options().delta_z[std::size_t(i)], .w = w_at(best), .w_low = 1, .w_high = 0};
    std::vector<double> log_factors;
    for (const int seed : seeds) {
      const double w = w_at(BestColumn(sweep, {seed}, i));
      row.w_low = std::min(row.w_low, w);
      row.w_high = std::max(row.w_high, w);
      std::vector<int> others;
      std::copy_if(seeds.begin(), seeds.end(), std::back_inserter(others), [&](int s) { return s != seed; });
      log_factors.push_back(TransferOf(sweep, {seed, i, others.empty() ? best : BestColumn(sweep, others, i)}));
    }
    row.ood = MeanLoss(sweep, seeds, i, best, Measure::kOod);
    row.target_only_ood = GeometricTargetOnly(sweep, seeds);
    double mean = 0;
    for (const double f : log_factors) mean += f / double(log_factors.size());
    row.factor = std::pow(10, mean);
    if (log_factors.size() > 1) {
      const stats::Interval interval = stats::MeanInterval(log_factors, 0.95);
      row.factor_interval = {std::pow(10, interval.low), std::pow(10, interval.high)};
    }
    rows.push_back(row);
  }
  return rows;
}

std::optional<stats::Anova> AnovaOf(const Sweep& sweep, const std::vector<int>& seeds, Measure measure) {
  if (seeds.empty() || sweep.num_delta_z() < 2 || sweep.num_w() < 2) return std::nullopt;
  std::vector<double> log_loss;  // [Δz][w][seed]
  for (int i = 0; i < sweep.num_delta_z(); ++i) {
    for (int j = 0; j < sweep.num_w(); ++j) {
      for (const int seed : seeds) log_loss.push_back(std::log(ValueOf(sweep.outcome({seed, i, j}).loss, measure)));
    }
  }
  return stats::TwoWayAnova(log_loss, sweep.num_delta_z(), sweep.num_w(), std::int64_t(seeds.size()));
}

}  // namespace heddle::toy
