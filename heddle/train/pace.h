// How long training takes, by what this process saw of it.
#pragma once

#include <cstdint>
#include <vector>

namespace heddle::train {

// The middle one, of an even number the mean of the middle two; 0 of none.
double Median(std::vector<double> values);

class Pace {
 public:
  struct Typical {
    double step_ms = 0, wait_ms = 0;  // medians
  };

  void Step(double step_s, double wait_s);
  void Validation(double seconds);

  // Of the steps since this was last asked.
  Typical SinceLast();
  // Until so many steps and validations are done: a step counts as the mean of late ones, a validation as the last one,
  // and as nothing as long as there was none.
  double LeftSeconds(int64_t steps, int64_t validations) const;

 private:
  std::vector<double> step_s_, wait_s_;
  int64_t num_steps_ = 0;
  double mean_s_ = 0, validation_s_ = 0;
};

}  // namespace heddle::train
