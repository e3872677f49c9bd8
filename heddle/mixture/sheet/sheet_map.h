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
//     action:
//       convert: ee_absolute                      # from the source's action_representation
//       pose: observation.state                   # holds the pose that deltas begin at
//       position_scale: 0.05                      # 1 of a delta is 5 cm
//       rotation_scale: 0.5                       # and 0.5 rad
//       rotation: columns                         # of the result: vector, columns, quaternion
//       tool: [0, 0, 0.1, 0, 0, 0, 1]             # end effector in the wrist's frame, to get from one to the other
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

// heddle/mixture/action_conversion.h.
struct ConvertMap {
  std::string to;  // a representation; empty: none
  std::string pose = "observation.state";
  double position_scale = 1, rotation_scale = 1;  // m and rad
  std::string rotation;                           // empty: the representation's usual one
  std::vector<double> tool;                       // x y z in m, qx qy qz qw; or nothing

  friend bool operator==(const ConvertMap&, const ConvertMap&) = default;
};

struct FeatureMap {
  std::string from;  // the dataset's feature; empty: that of the same name
  bool missing = false;
  // In the mixture's order; empty: all of the dataset's, as they are.
  std::vector<std::pair<std::string, DimensionMap>> dims;
  ConvertMap convert;  // of action

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
