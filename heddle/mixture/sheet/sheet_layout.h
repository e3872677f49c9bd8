// The layout that the sources of a sheet have in common: which numbers the windows hold, and how each source fills
// them.
#pragma once

#include <string>
#include <vector>

#include "heddle/mixture/sheet/bound_feature.h"
#include "heddle/mixture/sheet/open_source.h"
#include "heddle/mixture/source.h"

namespace heddle::mixture {

struct SheetLayout {
  std::vector<NumericLayout> numbers;
  std::vector<BoundFeature> features;  // as numbers
  std::vector<LayoutMap> maps;         // one a source; cameras as the sheet has them
};

// observation.state and action: one feature per embodiment (and representation of actions), present where a source is
// of that embodiment. Other observations: one for all, where the names of their dimensions agree in all sources that
// have them, else one per embodiment. `observations`: the datasets' names; empty: all numeric observation.* of the
// target's sources. Usage errors with the sheet's line: a name that no source has; actions of which the sheet does not
// say what they are; two representations of one embodiment; dimensions that differ within an embodiment.
SheetLayout LayoutOf(const Sheet& sheet, const std::vector<OpenSource>& sources,
                     const std::vector<std::string>& observations);

}  // namespace heddle::mixture
