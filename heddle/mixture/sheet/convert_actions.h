// The conversion of a source's actions that its map asks for, resolved against its dataset.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/action_conversion.h"
#include "heddle/mixture/sheet/open_source.h"
#include "heddle/mixture/sheet/source_feature.h"

namespace heddle::mixture {

// The representation of a source's actions in the mixture: what the map converts to, else what the sheet says.
const std::string& RepresentationOf(const SheetSource& source);

// Nothing if one can be made of the other, else the reason in one sentence. `with_tool`: the way from the wrist to the
// end effector is given.
std::optional<std::string> WhyNotConvertible(const std::string& from, const std::string& to, bool with_tool);

// The names of an action's dimensions behind the conversion: the pose's, then the rest's.
std::vector<std::string> ConvertedNames(const ActionConversion& conversion);

// `order` is left empty: it depends on the layout. Usage errors with the sheet's line: representations that can't be
// converted, a pose that is not there or has other dimensions.
ActionConversion ResolveConversion(const Sheet& sheet, const OpenSource& source, const SourceFeature& actions);

}  // namespace heddle::mixture
