#include "heddle/data/audit/action_fit.h"

#include <algorithm>
#include <cmath>

namespace heddle::data::audit {
namespace {

// Taken off R² for each frame of lag where two readings are compared. Lag turns the phase of a swing, so that a fast
// swing's step looks like its level some frames later.
constexpr double kLagCost = 0.02;
constexpr int64_t kMostDeltaLag = 2;
constexpr int64_t kWindows[] = {1, 4, 16};

// Sums of products about the first value, for numbers' sake.
struct Regression {
  double n = 0, mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;

  void Add(double x, double y) {
    n += 1;
    const double dx = x - mean_x, dy = y - mean_y;
    mean_x += dx / n;
    mean_y += dy / n;
    xx += dx * (x - mean_x);
    yy += dy * (y - mean_y);
    xy += dx * (y - mean_y);
  }
  // Another group of its own mean.
  void AddWithin(const Regression& group) {
    n += group.n;
    xx += group.xx;
    yy += group.yy;
    xy += group.xy;
  }
  // 0 where the slope is negative: a command that goes against the state is neither its target nor its step.
  double R2() const { return xy <= 0 || xx <= 0 || yy <= 0 ? 0 : xy * xy / (xx * yy); }
  double Slope() const { return xx <= 0 ? 0 : xy / xx; }
};

// A longer lag, or a wider window, must explain a tenth of what was left.
void Consider(const Regression& regression, int64_t lag, int64_t window, Fit& best) {
  const double r2 = regression.R2(), score = std::max(best.score, r2 - kLagCost * static_cast<double>(lag));
  if (1 - r2 < 0.9 * (1 - best.r2)) best = {r2, regression.Slope(), score, lag, window};
  best.score = score;
}

}  // namespace

std::vector<Series> SeriesOf(const std::vector<Trajectory>& trajectories, int64_t state_dim, int64_t action_dim) {
  std::vector<Series> series;
  for (const Trajectory& trajectory : trajectories) {
    series.emplace_back();
    for (int64_t row = 0; row < std::min(trajectory.state.rows, trajectory.action.rows); ++row) {
      const double s = trajectory.state.At(row, state_dim), a = trajectory.action.At(row, action_dim);
      if (std::isfinite(s) && std::isfinite(a)) {
        series.back().state.push_back(s);
        series.back().action.push_back(a);
      } else if (!series.back().state.empty()) {
        series.emplace_back();
      }
    }
  }
  return series;
}

Fit FitAbsolute(const std::vector<Series>& series) {
  Fit best;
  for (int64_t lag = 0; lag <= kMostLag; ++lag) {
    Regression within;
    for (const Series& one : series) {
      Regression group;
      for (size_t t = 0; t + static_cast<size_t>(lag) < one.state.size(); ++t) {
        group.Add(one.state[t + static_cast<size_t>(lag)], one.action[t]);
      }
      within.AddWithin(group);
    }
    Consider(within, lag, 1, best);
  }
  return best;
}

Fit FitDelta(const std::vector<Series>& series) {
  Fit best;
  for (const int64_t window : kWindows) {
    for (int64_t lag = 0; lag <= kMostDeltaLag; ++lag) {
      Regression pooled;
      for (const Series& one : series) {
        const auto w = static_cast<size_t>(window), l = static_cast<size_t>(lag);
        if (one.state.size() <= w + l) continue;
        double sum = 0;
        for (size_t k = 0; k < w; ++k) sum += one.action[k];
        for (size_t t = 0; t + w + l < one.state.size(); ++t) {
          pooled.Add(one.state[t + w + l] - one.state[t + l], sum);
          sum += one.action[t + w] - one.action[t];
        }
      }
      Consider(pooled, lag, window, best);
    }
  }
  return best;
}

}  // namespace heddle::data::audit
