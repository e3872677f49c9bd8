// A comparison for people.
#pragma once

#include <string>

#include "heddle/eval/compare/compare.h"
#include "heddle/eval/compare/published_counts.h"

namespace heddle::eval {

// `colour`: with the terminal's bold and colours.
std::string CompareText(const CompareReport& report, bool colour = false);
std::string CountsText(const CountsReport& report, bool colour = false);

}  // namespace heddle::eval
