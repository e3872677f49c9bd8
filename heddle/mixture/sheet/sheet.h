// The mixture sheet, mixture.yaml: all sources of a mixture with what must be known of each. Every key is explained in
// docs/reference/mixture.md.
//
//   target: robot                      # the domain to act in
//   use: research
//   sources:
//     - name: robot
//       dataset: data/robot            # a folder, from the sheet's own; or owner/name
//       kind: robot
//       embodiment: panda
//       action_representation: ee_delta
//     - name: sim
//       ...
//
// Reading is strict: an unknown key, a value of another type, contradictions and all that can be told without opening a
// dataset are usage errors with file and line. The datasets are opened by BindSheet
// (heddle/mixture/sheet/bind_sheet.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/mixture/sheet/sheet_map.h"

namespace heddle::mixture {

enum class SourceKind { kRobot, kSimulation, kHuman, kWeb };         // what it is made of
enum class LabelQuality { kUnknown, kLabelled, kWeak, kSynthetic };  // of actions and labels
enum class SheetUse { kResearch, kCommercial, kRelease };            // what the trained policy is for
enum class GapAxis { kVisual, kPhysics, kPerception, kEmbodiment };  // in what a source differs from the target
enum class GapLevel { kNone, kSmall, kLarge };
// In the order of the enumerators: "robot", "simulation", ...
const std::vector<std::string>& SourceKindNames();
const std::vector<std::string>& LabelQualityNames();
const std::vector<std::string>& SheetUseNames();
const std::vector<std::string>& GapAxisNames();
const std::vector<std::string>& GapLevelNames();

// Which episodes are kept from training: a share of them, spread evenly; these; or all.
struct HoldoutRule {
  enum class Kind { kShare, kEpisodes, kAll };
  Kind kind = Kind::kShare;
  double share = 0.1;    // in [0, 1)
  int64_t at_least = 2;  // episodes, where the share is above 0; never all of them
  std::vector<int64_t> episodes;
};

// A label of all of a source's frames, or the dataset's own label of that key, frame by frame.
struct SheetLabel {
  std::string value;  // or
  std::string from;

  friend bool operator==(const SheetLabel&, const SheetLabel&) = default;
};

struct SheetSource {
  std::string name, dataset;
  SourceKind kind = SourceKind::kRobot;
  std::string domain;  // the source's name where the sheet says nothing
  std::string embodiment;
  std::string license = "unknown";
  std::string task_family;  // may be empty
  LabelQuality label_quality = LabelQuality::kUnknown;
  std::string action_representation;             // empty: the sheet says nothing
  std::optional<double> weight;                  // relative; nothing: auto
  std::optional<std::vector<int64_t>> episodes;  // nothing: all
  HoldoutRule holdout;
  SheetMap map;
  std::map<std::string, SheetLabel> labels;
  std::map<GapAxis, GapLevel> gap;  // axes that the sheet names
  std::string notes;

  int line = 1;                      // in the sheet
  std::map<std::string, int> lines;  // of its keys
};

struct Sheet {
  std::string target;  // a domain
  SheetUse use = SheetUse::kResearch;
  std::optional<double> control_hz;  // nothing: the target's
  double tau = 1;                    // surrogates share by size^tau
  std::vector<SheetSource> sources;

  std::string file;              // as errors name it
  std::filesystem::path folder;  // that datasets' paths begin at
  std::map<std::string, int> lines;

  // kSystem or usage error.
  static Sheet Load(const std::filesystem::path& file);
  static Sheet Parse(std::string_view text, const std::string& file, const std::filesystem::path& folder);

  // "mixture.yaml:12", of a source's key, or of where the source begins.
  std::string PlaceOf(const SheetSource& source, const std::string& key = "") const;
  // What data::Dataset::Open gets: the folder, where there is one, else the text itself.
  std::string DatasetOf(const SheetSource& source) const;
};

// All keys with the values that hold; datasets as they are written, or as whole paths. Parse reads it again.
nlohmann::ordered_json ToJson(const Sheet& sheet, bool whole_paths = false);
// SHA-256 of the canonical JSON, datasets as they are written.
std::string HashOf(const Sheet& sheet);

}  // namespace heddle::mixture
