// The page that shows a run of the toy, as it was built from web/: one self-contained HTML file without its data.
#pragma once

#include <string_view>

namespace heddle::web {

// Stands exactly once in the page, between the tags of its data element. Put toy.json in its place (docs/reference/
// toy-json.md) with every '<' written as \u003c, so that no text of the data can end the element.
inline constexpr std::string_view kToyDataMarker = "__HEDDLE_DATA__";

// At most 600 KB, UTF-8; lives as long as the program.
std::string_view ToyPageTemplate();

}  // namespace heddle::web
