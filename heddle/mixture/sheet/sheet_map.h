// The key `map` of a source in the mixture sheet: how its dataset is fitted to the mixture's layout, without changing
// anything on disk.
//
//   map:
//     cameras: {observation.images.front: observation.images.cam_high, observation.images.wrist: missing}
//     instruction: put the cup into the sink      # where the dataset's is empty
//     observation.state:
//       from: observation.qpos                    # the dataset's feature; else the one of the same name
//       dims:                                     # the mixture's dimension: the dataset's
//         x: tcp_x
//         y: {from: tcp_y, scale: -1}
//         z: {from: tcp_z, unit: mm}
//         gripper: missing
//     observation.tactile: missing
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "heddle/core/yaml_document.h"

namespace heddle::mixture {

// One number of the layout: value = scale * the dataset's + offset.
struct DimensionMap {
  std::string from;       // the dataset's name of it, or
  int64_t position = -1;  // its place
  std::string unit;       // the dataset's: "mm", "cm", "deg" become m and rad
  double scale = 1, offset = 0;
  bool missing = false;

  double FullScale() const;  // unit and scale
  friend bool operator==(const DimensionMap&, const DimensionMap&) = default;
};

struct FeatureMap {
  std::string from;  // the dataset's feature; empty: that of the same name
  bool missing = false;
  // In the mixture's order; empty: all of the dataset's, as they are.
  std::vector<std::pair<std::string, DimensionMap>> dims;

  friend bool operator==(const FeatureMap&, const FeatureMap&) = default;
};

struct SheetMap {
  std::map<std::string, std::optional<std::string>> cameras;  // the layout's -> the dataset's, or missing
  std::map<std::string, FeatureMap> features;
  std::string instruction;

  friend bool operator==(const SheetMap&, const SheetMap&) = default;
};

SheetMap ParseSheetMap(const YamlNode& node, const YamlSource& source, const std::string& what);
nlohmann::ordered_json ToJson(const SheetMap& map);

}  // namespace heddle::mixture
