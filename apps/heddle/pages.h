// The result pages that are built into this binary, if they are (HEDDLE_WEB).
#pragma once

#include <optional>
#include <string_view>

namespace heddle::cli {

// The template of the toy's page: everything but its data.
std::optional<std::string_view> ToyPage();

}  // namespace heddle::cli
