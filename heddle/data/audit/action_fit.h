// Least squares of one dimension of the action on one of the state. Private to action_meaning.cc.
#pragma once

#include <vector>

#include "heddle/data/audit/action_meaning.h"

namespace heddle::data::audit {

// One dimension of state and action over the episodes. Rows that are not finite end a stretch.
struct Series {
  std::vector<double> state, action;
};
std::vector<Series> SeriesOf(const std::vector<Trajectory>& trajectories, int64_t state_dim, int64_t action_dim);

// R² of a level is within episodes: means are taken off.
Fit FitAbsolute(const std::vector<Series>& series);
Fit FitDelta(const std::vector<Series>& series);

}  // namespace heddle::data::audit
