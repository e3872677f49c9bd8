// Mean, spread and range of a feature's dimensions over a whole dataset, in one pass.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/data/audit/facts.h"

namespace heddle::data::audit {

struct Moments {
  int64_t count = 0;
  double mean = 0, sum_of_squares = 0;  // Welford's: of the deviations
  double min = 0, max = 0;

  void Add(double value);    // values that are not finite are left out
  double deviation() const;  // of the population
};

// Per dimension of the feature's value.
void AddRows(const Numbers& numbers, std::vector<Moments>& moments);

}  // namespace heddle::data::audit
