// A comparison for people.
#pragma once

#include <string>

#include "heddle/eval/compare/compare.h"

namespace heddle::eval {

// `colour`: with the terminal's bold and colours.
std::string CompareText(const CompareReport& report, bool colour = false);

// The four lines.
std::string ClaimText(const Claim& claim);

}  // namespace heddle::eval
