// A file's content, or an error that says why not.
#pragma once

#include <filesystem>
#include <string>

namespace heddle {

// All bytes of the file. kSystem if it can't be read (it is not there, it is a folder, permission).
std::string ReadFile(const std::filesystem::path& path);

}  // namespace heddle
