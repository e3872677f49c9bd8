// How a comparison's numbers are written: none without its interval and its n.
#pragma once

#include <string>

#include "heddle/eval/compare/comparison.h"

namespace heddle::eval {

std::string PlainNumber(double value);                        // "0.1", "3.25": three digits behind the point at most
std::string Fixed(double value);                              // "0.625"
std::string PText(double p);                                  // "0.016", "< 0.001"
std::string RateWithInterval(const Rate& rate);               // "0.625 [0.556, 0.689]"
std::string SignedInterval(const stats::Interval& interval);  // "[+0.012, +0.157]"
std::string SignedWithInterval(double difference, const stats::Interval& interval);  // "+0.085 [+0.012, +0.157]"
std::string NumberOfTrials(const Comparison& comparison);                            // "200 pairs"
// "w = 0.3 is better than w = 0.1", "not decided".
std::string DecisionPhrase(const Comparison& comparison);
// "stop: w = 0.3 is better, 95 % (reached after 120 episode seeds)", "keep going, about 60 more".
std::string SequentialPhrase(const Comparison& comparison);

}  // namespace heddle::eval
