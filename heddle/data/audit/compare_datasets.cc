#include "heddle/data/audit/compare_datasets.h"

#include <algorithm>
#include <cmath>

#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

constexpr double kBrightnessApart = 90;  // of 255
constexpr double kSure = 0.5;

std::string Names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list.empty() ? "none" : list;
}

std::vector<std::string> CameraNames(const DatasetProfile& profile) {
  std::vector<std::string> names;
  for (const CameraProfile& camera : profile.cameras) names.push_back(camera.name);
  return names;
}

void CompareCameras(const DatasetProfile& a, const DatasetProfile& b, Findings& findings) {
  const auto names_a = CameraNames(a), names_b = CameraNames(b);
  auto sorted_a = names_a, sorted_b = names_b;
  std::sort(sorted_a.begin(), sorted_a.end());
  std::sort(sorted_b.begin(), sorted_b.end());
  if (sorted_a != sorted_b) {
    findings.Add("mix-cameras", {}, a.name + " has " + Names(names_a) + "; " + b.name + " has " + Names(names_b));
  } else if (names_a != names_b) {
    findings.Add("mix-camera-order", {}, a.name + " has " + Names(names_a) + "; " + b.name + " has " + Names(names_b));
  }
  for (const CameraProfile& camera : a.cameras) {
    const auto same =
        std::find_if(b.cameras.begin(), b.cameras.end(), [&](const auto& c) { return c.name == camera.name; });
    if (same == b.cameras.end()) continue;
    const Place place{.episode = {}, .frame = {}, .feature = camera.name};
    const auto size = [](const CameraProfile& c) {
      return std::to_string(c.width) + "x" + std::to_string(c.height) + " of " + Count(c.channels, "channel");
    };
    if (size(camera) != size(*same)) {
      findings.Add("mix-picture-size", place, camera.name + " is " + size(camera) + " and " + size(*same));
    }
    const double apart = std::abs(camera.brightness.mean - same->brightness.mean);
    if (camera.depth || camera.brightness.count == 0 || same->brightness.count == 0 || apart < kBrightnessApart)
      continue;
    findings.Add("mix-picture-range", place,
                 camera.name + " has a mean level of " + Figure(camera.brightness.mean) + " and of " +
                     Figure(same->brightness.mean) + " (of 255)",
                 {{"first", camera.brightness.mean}, {"second", same->brightness.mean}});
  }
}

void CompareLayout(const std::optional<Feature>& a, const std::optional<Feature>& b, Findings& findings) {
  if (!a || !b) return;
  const Place place{.episode = {}, .frame = {}, .feature = a->name};
  if (a->num_values() != b->num_values()) {
    findings.Add(a->name == "action" ? "mix-action-dimensions" : "mix-state-dimensions", place,
                 a->name + " has " + Count(a->num_values(), "dimension") + " and " + std::to_string(b->num_values()),
                 {{"first", a->num_values()}, {"second", b->num_values()}});
  } else if (!a->names.empty() && !b->names.empty() && a->names != b->names) {
    findings.Add("mix-dimension-names", place, a->name + " is (" + Names(a->names) + ") and (" + Names(b->names) + ")");
  }
}

bool Decided(ActionKind kind) { return kind == ActionKind::kAbsolute || kind == ActionKind::kDelta; }

void CompareGrippers(const ActionMeaning& a, const ActionMeaning& b, Findings& findings) {
  for (size_t i = 0; i < std::min(a.grippers.size(), b.grippers.size()); ++i) {
    const GripperMeaning &first = a.grippers[i], &second = b.grippers[i];
    const Place place{.episode = {}, .frame = {}, .feature = "action"};
    if (first.sign * second.sign < 0) {
      findings.Add("mix-gripper-sign", place,
                   "the gripper's command follows its state in one, and is its opposite in the other",
                   {{"first", first.sign}, {"second", second.sign}});
    }
    const double range = std::max(first.high - first.low, second.high - second.low);
    const double apart = std::max(std::abs(first.low - second.low), std::abs(first.high - second.high));
    if (first.range == second.range || apart < 0.2 * range) continue;
    findings.Add("mix-gripper-range", place, "the gripper goes over " + first.range + " and over " + second.range,
                 {{"first", {first.low, first.high}}, {"second", {second.low, second.high}}});
  }
}

void CompareMeaning(const DatasetProfile& a, const DatasetProfile& b, Findings& findings) {
  if (!a.meaning || !b.meaning) return;
  const ActionMeaning &first = *a.meaning, &second = *b.meaning;
  const Place place{.episode = {}, .frame = {}, .feature = "action"};
  if (Decided(first.kind) && Decided(second.kind) && first.kind != second.kind) {
    findings.Add("mix-action-kind", place,
                 "the action is " + std::string(ActionKindName(first.kind)) + " in " + a.name + " and " +
                     ActionKindName(second.kind) + " in " + b.name,
                 {{"confidence", {first.confidence, second.confidence}}});
  } else if (Decided(first.kind) != Decided(second.kind) || std::min(first.confidence, second.confidence) < kSure) {
    findings.Add("mix-action-unclear", place,
                 "whether the action is absolute or delta is not clear in " +
                     (Decided(first.kind) && first.confidence >= kSure ? b.name : a.name));
  }
  const bool known = first.space != ActionSpace::kUnknown && second.space != ActionSpace::kUnknown;
  if (known && first.space != second.space) {
    findings.Add("mix-action-space", place,
                 "the action is in " + std::string(ActionSpaceName(first.space)) + " space in " + a.name + " and in " +
                     ActionSpaceName(second.space) + " space in " + b.name);
  }
  CompareGrippers(first, second, findings);
}

}  // namespace

const std::vector<FindingKind>& MixFindingKinds() {
  static const std::vector<FindingKind> kKinds = {
      {"mix-action-kind", Severity::kError, "absolute and delta actions",
       "the policy learns the mean of a target and a step", "convert one of them, or train separate heads"},
      {"mix-action-space", Severity::kError, "joint and end-effector actions",
       "the same number means a joint's angle in one and a position in the other",
       "convert one of them by the robot's kinematics, or train separate heads"},
      {"mix-gripper-sign", Severity::kError, "grippers of opposite sign", "what opens in one closes in the other",
       "sign: -1 for the gripper in the map of the mixture sheet"},
      {"mix-units", Severity::kError, "angles in radians and in degrees",
       "the larger unit drowns the smaller: one dataset looks as if it stood still",
       "scale: 0.017453292519943295 in the map of the mixture sheet"},
      {"mix-action-dimensions", Severity::kWarning, "actions of different size", "batches can't be formed",
       "slices in the map of the mixture sheet, or separate heads"},
      {"mix-state-dimensions", Severity::kWarning, "states of different size", "batches can't be formed",
       "slices in the map of the mixture sheet: what a source lacks is masked"},
      {"mix-dimension-names", Severity::kWarning, "dimensions of other names or order",
       "the same column means another joint", "name the slices in the map of the mixture sheet"},
      {"mix-gripper-range", Severity::kWarning, "grippers of different range",
       "half open in one is fully open in the other",
       "scale and offset for the gripper in the map of the mixture sheet"},
      {"mix-cameras", Severity::kWarning, "cameras of different names", "views are missing, or taken for others",
       "cameras by name in the map of the mixture sheet: what a source lacks is masked"},
      {"mix-picture-range", Severity::kWarning, "pictures of very different brightness",
       "the domains are told apart by exposure alone",
       "look at both: heddle data show DATASET --episode 0 --frame 0 --images DIR"},
      {"mix-fps", Severity::kWarning, "different frame rates", "a chunk of actions covers another time",
       "control_hz in the mixture sheet: the loader resamples"},
      {"mix-action-unclear", Severity::kNote, "actions whose meaning is not clear",
       "absolute and delta actions may be mixed unseen", "say it: action_representation in the mixture sheet"},
      {"mix-picture-size", Severity::kNote, "pictures of different size", "none: the loader resizes", "none is needed"},
      {"mix-camera-order", Severity::kNote, "cameras in another order",
       "none: Heddle goes by names; readers that go by position swap views", "none is needed"},
  };
  return kKinds;
}

void CompareDatasets(const DatasetProfile& a, const DatasetProfile& b, Findings& findings) {
  if (std::abs(a.fps - b.fps) > 1e-6) {
    findings.Add("mix-fps", {},
                 a.name + " runs at " + Figure(a.fps) + " Hz, " + b.name + " at " + Figure(b.fps) + " Hz",
                 {{"first", a.fps}, {"second", b.fps}});
  }
  CompareCameras(a, b, findings);
  CompareLayout(a.state, b.state, findings);
  CompareLayout(a.action, b.action, findings);
  CompareMeaning(a, b, findings);
  const bool known = a.angles != AngleUnit::kUnknown && b.angles != AngleUnit::kUnknown;
  if (known && a.angles != b.angles) {
    findings.Add("mix-units", {.episode = {}, .frame = {}, .feature = "observation.state"},
                 "angles look like " + std::string(AngleUnitName(a.angles)) + " (up to " + Figure(a.largest_angle) +
                     ") in " + a.name + " and like " + AngleUnitName(b.angles) + " (up to " + Figure(b.largest_angle) +
                     ") in " + b.name,
                 {{"first", a.largest_angle}, {"second", b.largest_angle}});
  }
}

}  // namespace heddle::data::audit
