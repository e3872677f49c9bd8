// Brings the names in a folder to disk, so that a rename or a new file survives a crash.
#pragma once

#include <filesystem>

namespace heddle {

// kSystem if it can't be done; network file systems that can't sync folders (EINVAL) are let pass. Empty: this folder.
void SyncFolder(const std::filesystem::path& folder);

}  // namespace heddle
