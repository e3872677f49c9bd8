#include "heddle/stats/sequential.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"

namespace heddle::stats {

SequentialTest::SequentialTest(double level, int64_t choices)
    : log_threshold_(std::log(2 * static_cast<double>(choices) / level)) {
  HEDDLE_DEMAND(level > 0 && level < 1 && choices >= 1);
  for (size_t i = 0; i < kBets; ++i) bets_[i] = (static_cast<double>(i) + 0.5) / kBets;
}

void SequentialTest::Add(double difference) {
  HEDDLE_DEMAND(difference >= -1 && difference <= 1);
  ++episodes_;
  if (difference == 0) return;
  for (size_t i = 0; i < kBets; ++i) {
    for_b_[i] += std::log1p(bets_[i] * difference);
    for_a_[i] += std::log1p(-bets_[i] * difference);
  }
  if (verdict_ != Verdict::kKeepGoing) return;
  if (Reaches(for_b_)) verdict_ = Verdict::kBIsBetter;
  if (Reaches(for_a_)) verdict_ = Verdict::kAIsBetter;
  if (verdict_ != Verdict::kKeepGoing) stopped_at_ = episodes_;
}

// A mean is no larger than its largest part, which is found sooner.
bool SequentialTest::Reaches(const LogWealth& wealth) const {
  return *std::max_element(wealth.begin(), wealth.end()) >= log_threshold_ && LogMean(wealth) >= log_threshold_;
}

double SequentialTest::LogMean(const LogWealth& wealth, double factor) {
  const double largest = factor * *std::max_element(wealth.begin(), wealth.end());
  double sum = 0;
  for (const double w : wealth) sum += std::exp(factor * w - largest);
  return largest + std::log(sum / kBets);
}

std::optional<int64_t> SequentialTest::ExpectedMore(int64_t most) const {
  if (verdict_ != Verdict::kKeepGoing || episodes_ == 0) return std::nullopt;
  const LogWealth& ahead = log_e_b() >= log_e_a() ? for_b_ : for_a_;
  // n episodes that went on as these would multiply every logarithm by n/episodes.
  const auto reached = [&](int64_t more) {
    return LogMean(ahead, 1 + static_cast<double>(more) / static_cast<double>(episodes_)) >= log_threshold_;
  };
  if (!reached(most)) return std::nullopt;
  int64_t low = 0, high = most;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (reached(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace heddle::stats
