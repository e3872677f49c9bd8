#include "heddle/train/sweep_over.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <sstream>

#include "heddle/core/error.h"
#include "heddle/train/setup.h"

namespace heddle::train {
namespace {

constexpr int64_t kFewest = 3, kMost = 5;
constexpr int64_t kFinalists = 2;  // fewer would leave closed loop nothing to say

SweepOver OverRange(const RunFile& run, int64_t count) {
  const auto guideline = SetUpRun(run).bound.weights.guideline;
  if (!guideline || !(guideline->low < guideline->high))
    ThrowUsage("the guideline gives no range of w for this mixture", "--over w=auto",
               "name values: --over w=0.1,0.3,0.5");
  SweepOver over{.key = "w", .values = {}, .reason = guideline->Explain()};
  for (int64_t i = 0; i < count; ++i) {
    const double share = count == 1 ? .5 : static_cast<double>(i) / static_cast<double>(count - 1);
    over.values.push_back(ShortNumber(guideline->low * std::pow(guideline->high / guideline->low, share)));
  }
  return over;
}

}  // namespace

std::string ShortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

SweepOver ParseOver(const std::string& text, const RunFile& run, int64_t count) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    ThrowUsage("'" + text + "' is not KEY=VALUES", "--over", "say w=auto, or e.g. policy.trunk.width=128,256,512");
  const std::string key = text.substr(0, equals), values = text.substr(equals + 1);
  for (const std::string free : {"log.", "run.log."}) {
    if (key.starts_with(free)) ThrowUsage("what is written down changes no policy", "--over " + text, "search another");
  }
  if (values == "auto") {
    if (key != "w") ThrowUsage("only w has a range of its own", "--over", "name the values: " + key + "=A,B,C");
    return OverRange(run, count);
  }
  SweepOver over{.key = key, .values = {}, .reason = "asked for"};
  std::istringstream parts(values);
  for (std::string part; std::getline(parts, part, ',');) {
    if (part.empty() || std::ranges::find(over.values, part) != over.values.end())
      ThrowUsage("an empty value, or one that stands twice", "--over " + text,
                 "name each value once: " + key + "=A,B,C");
    over.values.push_back(part);
  }
  if (over.values.size() < 2) ThrowUsage("one value is no search", "--over " + text, "name two or more");
  return over;
}

double CostOf(int64_t candidates) {
  double cost = 0, before = 0;
  for (const double rung : kRungs) {
    cost += static_cast<double>(candidates) * (rung - before);
    before = rung;
    candidates = std::max(kFinalists, (candidates + 1) / 2);
  }
  return cost;
}

int64_t CandidatesFor(double budget) {
  for (int64_t count = kMost; count > kFewest; --count) {
    if (CostOf(count) <= budget) return count;
  }
  if (CostOf(kFewest) > budget) {
    ThrowUsage(
        "even " + std::to_string(kFewest) + " candidates cost " + ShortNumber(CostOf(kFewest)) + " whole trainings",
        "--budget", "allow more");
  }
  return kFewest;
}

std::vector<size_t> Survivors(const std::vector<double>& scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    if (std::isnan(scores[a]) || std::isnan(scores[b])) return !std::isnan(scores[a]) && std::isnan(scores[b]);
    return scores[a] < scores[b];
  });
  const size_t half = (scores.size() + 1) / 2;
  order.resize(std::min(scores.size(), std::max(static_cast<size_t>(kFinalists), half)));
  std::ranges::sort(order);
  return order;
}

}  // namespace heddle::train
