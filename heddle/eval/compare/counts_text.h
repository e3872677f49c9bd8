// A comparison of published counts for people.
#pragma once

#include <string>

#include "heddle/eval/compare/published_counts.h"

namespace heddle::eval {

// One table a group, and one claim for all its verdicts, as they differ in nothing but names.
std::string CountsText(const CountsReport& report, bool colour = false);

}  // namespace heddle::eval
