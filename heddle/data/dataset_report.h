// A dataset in one screen: what `heddle data info` shows.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "heddle/data/dataset.h"

namespace heddle::data {

// Stable keys, documented in docs/reference/data-json.md.
nlohmann::ordered_json DescribeDataset(const Dataset& dataset);

// The same for people, at most 100 columns.
std::string PictureOfDataset(const Dataset& dataset);

}  // namespace heddle::data
