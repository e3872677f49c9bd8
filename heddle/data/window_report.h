// A window for people and programs: what `heddle data show` prints.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "heddle/contract/window.h"
#include "heddle/data/lerobot/info.h"

namespace heddle::data {

// Stable keys, documented in docs/reference/data-json.md. Pictures are told by size and per-channel means (0 to 255;
// depth: millimetres), a list of T of them where times were asked for.
nlohmann::ordered_json DescribeWindow(const contract::Window& window, const DatasetInfo& info);

std::string PictureOfWindow(const contract::Window& window, const DatasetInfo& info);

// <camera>.png, or <camera>.<t>.png with t counting the times asked for; depth is stretched from its nearest to its
// farthest. Returns the files.
std::vector<std::filesystem::path> WritePictures(const contract::Window& window, const DatasetInfo& info,
                                                 const std::filesystem::path& folder);

}  // namespace heddle::data
