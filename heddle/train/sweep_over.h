// What a search tries, how many values a budget pays for, and which of them go on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/train/read_run.h"

namespace heddle::train {

// Shares of the training at which candidates are compared.
inline constexpr double kRungs[] = {0.25, 0.5, 1};

struct SweepOver {
  std::string key;                  // "w", "policy.trunk.width"
  std::vector<std::string> values;  // as --set takes them
  std::string reason;               // where they are from
};

// "w=auto": `count` values from end to end of the guideline's range, in equal ratios; "KEY=A,B,C": these. Usage error
// for anything else, or where there is no range.
SweepOver ParseOver(const std::string& text, const RunFile& run, int64_t count);

// How many candidates so many whole trainings pay for, 3 to 5; and how many whole trainings a count of them costs.
int64_t CandidatesFor(double budget);
double CostOf(int64_t candidates);

// Which candidates go on after a rung: the better half, rounded up, and two at least, by score (lower is better; a NaN
// is worst; of equal ones the first).
std::vector<size_t> Survivors(const std::vector<double>& scores);

std::string ShortNumber(double value);

}  // namespace heddle::train
