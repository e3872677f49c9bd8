#include "heddle/eval/compare/wording.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "heddle/core/text.h"

namespace heddle::eval {
namespace {

std::string Printed(const char* format, double value) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string Signed(double value) { return Printed("%+.3f", value + 0.0); }

// Episode seeds by a power of ten that is worth saying: 57 -> 60, 1234 -> 1200.
int64_t Rounded(int64_t count) {
  int64_t unit = 1;
  while (count / unit >= 100) unit *= 10;
  if (count >= 20 && unit == 1) unit = 10;
  return (count + unit - 1) / unit * unit;
}

}  // namespace

std::string PlainNumber(double value) { return FormatDouble(std::round(value * 1000) / 1000); }

std::string Fixed(double value) { return Printed("%.3f", value); }

std::string PText(double p) { return p < 0.001 ? "< 0.001" : Printed("%.3f", p); }

std::string RateWithInterval(const Rate& rate) {
  return Fixed(rate.rate()) + " [" + Fixed(rate.interval.low) + ", " + Fixed(rate.interval.high) + "]";
}

std::string SignedInterval(const stats::Interval& interval) {
  return "[" + Signed(interval.low) + ", " + Signed(interval.high) + "]";
}

std::string SignedWithInterval(double difference, const stats::Interval& interval) {
  return Signed(difference) + " " + SignedInterval(interval);
}

std::string NumberOfTrials(const Comparison& comparison) {
  if (comparison.is_paired) return Counted(comparison.pairs, "pair");
  return std::to_string(comparison.n_a) + " and " + std::to_string(comparison.n_b) + " unpaired episodes";
}

std::string DecisionPhrase(const Comparison& c) {
  const std::string scope = c.of_checkpoints ? ", for these checkpoints" : "";
  switch (c.decision) {
    case Decision::kBetter: return c.b + " is better than " + c.a + scope;
    case Decision::kWorse: return c.b + " is worse than " + c.a + scope;
    case Decision::kNotWorse:
      return c.b + " is not worse than " + c.a + " by " + PlainNumber(c.non_inferiority->margin) + " or more" + scope;
    case Decision::kNotDecided: return "not decided";
  }
  return "";
}

std::string SequentialPhrase(const Comparison& c) {
  using Verdict = stats::SequentialTest::Verdict;
  const SequentialResult& s = *c.sequential;
  if (s.verdict != Verdict::kKeepGoing) {
    return "stop: " + (s.verdict == Verdict::kBIsBetter ? c.b : c.a) + " is better, 95 % (reached after " +
           Counted(*s.stopped_at, "episode seed") + ")";
  }
  const std::string after = " (after " + Counted(s.episodes, "episode seed") + ")";
  if (!s.about_more) return "keep going; no end in sight at the difference seen so far" + after;
  return "keep going, about " + std::to_string(Rounded(*s.about_more)) + " more" + after;
}

}  // namespace heddle::eval
