// The claim of a verdict on published counts, of which much less is known than of rows.
#pragma once

#include "heddle/eval/compare/compare.h"

namespace heddle::eval {

Verdict CountsVerdict(const Comparison& comparison, const EvidenceSource& source, const CompareOptions& options);

}  // namespace heddle::eval
