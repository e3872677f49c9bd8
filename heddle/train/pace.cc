#include "heddle/train/pace.h"

#include <algorithm>

namespace heddle::train {

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

void Pace::Step(double step_s, double wait_s) {
  constexpr int64_t kLate = 200;
  step_s_.push_back(step_s);
  wait_s_.push_back(wait_s);
  ++num_steps_;
  mean_s_ += (step_s + wait_s - mean_s_) / static_cast<double>(std::min(num_steps_, kLate));
}

void Pace::Validation(double seconds) { validation_s_ = seconds; }

Pace::Typical Pace::SinceLast() {
  const Typical typical{.step_ms = 1e3 * Median(step_s_), .wait_ms = 1e3 * Median(wait_s_)};
  step_s_.clear();
  wait_s_.clear();
  return typical;
}

double Pace::LeftSeconds(int64_t steps, int64_t validations) const {
  return mean_s_ * static_cast<double>(steps) + validation_s_ * static_cast<double>(validations);
}

}  // namespace heddle::train
