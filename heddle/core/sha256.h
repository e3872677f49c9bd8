// SHA-256: what names the content of options, files and contracts.
#pragma once

#include <string>
#include <string_view>

namespace heddle {

// 64 hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace heddle
