// Where a dataset lies: a folder, or `owner/name` in the folders that the users' own clients download to.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace heddle::data {

// Reads an environment variable; empty if it is not set.
using Environment = std::function<std::string(const std::string&)>;
Environment ProcessEnvironment();

// The dataset's root: `folder_or_name` itself if that is a folder, else, for `owner/name`, the first that has a
// meta/info.json of
//   $HF_LEROBOT_HOME/owner/name                         (default: $HF_HOME/lerobot; HF_HOME: ~/.cache/huggingface)
//   $HF_HUB_CACHE/datasets--owner--name/snapshots/<the revision that refs/main names, else the newest>
//   $HF_LEROBOT_HOME/hub/datasets--owner--name/snapshots/...
// Usage error otherwise: what was looked for where, and, for a name, the one command that downloads it. Nothing is
// downloaded or uploaded here.
std::filesystem::path FindDataset(const std::string& folder_or_name,
                                  const Environment& environment = ProcessEnvironment());

}  // namespace heddle::data
