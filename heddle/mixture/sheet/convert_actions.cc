#include "heddle/mixture/sheet/convert_actions.h"

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/mixture/sheet/action_representation.h"

namespace heddle::mixture {
namespace {

std::string BodyOf(const std::string& representation) { return representation.substr(0, representation.find('_')); }
bool IsDelta(const std::string& representation) { return representation.ends_with("_delta"); }
bool IsPose(const std::string& representation) {
  return representation.starts_with("ee_") || representation.starts_with("wrist_");
}

RotationForm RotationOf(const ConvertMap& map) {
  if (!map.rotation.empty()) {
    const auto found = std::ranges::find(RotationFormNames(), map.rotation);
    return static_cast<RotationForm>(found - RotationFormNames().begin());
  }
  return map.to == "wrist_absolute" ? RotationForm::kColumns : RotationForm::kVector;
}

// One slot a dimension, in the order of a row that is converted; rests keep their meaning.
void SetActions(const SourceFeature& actions, const std::string& representation, const std::string& what,
                const std::string& place, ActionConversion& conversion) {
  std::vector<std::string> names = conversion.from.Names();
  const size_t pose_size = names.size();
  for (const std::string& name : actions.names()) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  conversion.actions.name = "action";
  for (size_t i = 0; i < names.size(); ++i) {
    Slot slot{names[i], 1, Meaning::kAbsolute};
    if (i >= pose_size) slot.meaning = SlotsOfAction({names[i]}, representation)[0].meaning;
    // What a delta that is passed through means depends on the rate; nothing else is known of it.
    if (i >= pose_size && slot.meaning == Meaning::kDelta) slot.meaning = Meaning::kUnknown;
    conversion.actions.slots.push_back(slot);
  }
  conversion.action_slots = FillSlots(conversion.actions.slots, names, actions, what, place);
  for (size_t i = 0; i < pose_size; ++i) {
    if (conversion.action_slots.at(names[i]).missing) {
      ThrowUsage(what + ": '" + names[i] + "' is missing, and actions without it can't be converted", place);
    }
  }
}

void SetPose(const Sheet& sheet, const OpenSource& source, const ConvertMap& map, const std::string& what,
             const std::string& place, ActionConversion& conversion) {
  auto state = FindSourceFeature(sheet, source, map.pose);
  if (!state) ThrowUsage(what + ": the dataset has no '" + map.pose + "' that holds the pose", place, "name it: pose");
  const auto form = FindPoseForm(state->names(), false);
  const bool enough = form && form->position_dims >= conversion.from.position_dims &&
                      (form->rotation != RotationForm::kNone || conversion.from.rotation == RotationForm::kNone);
  if (!enough) {
    ThrowUsage(what + ": '" + map.pose + "' does not hold the pose: it has " + Join(state->names(), ", "), place,
               "map its dimensions to x y z and qx qy qz qw, or rx ry rz, or r11 r21 r31 r12 r22 r32");
  }
  conversion.pose = *form;
  const std::vector<std::string> names = form->Names();
  std::erase_if(state->dims, [&](const SourceFeature::Dimension& dimension) {
    return std::ranges::find(names, dimension.name) == names.end();
  });
  conversion.poses.name = map.pose;
  for (const std::string& name : names) conversion.poses.slots.push_back({name, 1, Meaning::kAbsolute});
  conversion.pose_slots = FillSlots(conversion.poses.slots, names, *state, what, place);
  for (const auto& [name, slot] : conversion.pose_slots) {
    if (slot.missing) ThrowUsage(what + ": '" + name + "' of " + map.pose + " is missing", place);
  }
}

std::optional<RigidPose> ToolOf(const std::vector<double>& numbers, bool inverse, const std::string& what,
                                const std::string& place) {
  if (numbers.empty()) return std::nullopt;
  const auto rotation = Normalised({numbers[6], numbers[3], numbers[4], numbers[5]});
  if (!rotation) ThrowUsage(what + ": the tool's quaternion is 0", place, "no rotation is 0 0 0 1");
  RigidPose tool{{numbers[0], numbers[1], numbers[2]}, *rotation};
  if (!inverse) return tool;
  const Vec3 back = Rotated(Conjugate(*rotation), tool.position);
  return RigidPose{{-back[0], -back[1], -back[2]}, Conjugate(*rotation)};
}

}  // namespace

const std::string& RepresentationOf(const SheetSource& source) {
  const auto map = source.map.features.find("action");
  const bool converts = map != source.map.features.end() && !map->second.convert.to.empty();
  return converts ? map->second.convert.to : source.action_representation;
}

std::optional<std::string> WhyNotConvertible(const std::string& from, const std::string& to, bool with_tool) {
  if (from.starts_with("joint_") != to.starts_with("joint_") && (IsPose(from) || IsPose(to))) {
    return "joints and poses are tied by the arm's kinematics, which a dataset does not hold";
  }
  if (!IsPose(from) || !IsPose(to)) return "only ee_ and wrist_ actions are converted";
  if (BodyOf(from) != BodyOf(to) && !with_tool) {
    return "wrist and end effector are apart by a fixed motion, which must be given: tool";
  }
  if (IsDelta(from) && IsDelta(to)) return "both are deltas: scale the dimensions in the map, or convert to absolute";
  return std::nullopt;
}

std::vector<std::string> ConvertedNames(const ActionConversion& conversion) {
  std::vector<std::string> names = conversion.to.Names();
  int64_t place = 0;
  for (const Slot& slot : conversion.actions.slots) {
    if (place++ >= conversion.from.size()) names.push_back(slot.name);
  }
  return names;
}

ActionConversion ResolveConversion(const Sheet& sheet, const OpenSource& source, const SourceFeature& actions) {
  const ConvertMap& map = source.sheet->map.features.at("action").convert;
  const std::string& from = source.sheet->action_representation;
  const std::string what = "source " + source.sheet->name + ": map.action", place = sheet.PlaceOf(*source.sheet, "map");
  if (const auto reason = WhyNotConvertible(from, map.to, !map.tool.empty())) {
    ThrowUsage(what + ": " + (from.empty() ? "nothing" : from) + " can't be converted to " + map.to + ": " + *reason,
               place);
  }
  ActionConversion conversion;
  conversion.position_scale = map.position_scale;
  conversion.rotation_scale = map.rotation_scale;
  const auto form = FindPoseForm(actions.names(), IsDelta(from));
  if (!form) {
    ThrowUsage(what + ": the actions' dimensions are " + Join(actions.names(), ", ") + ", in which no pose is known",
               place, IsDelta(from) ? "map them to dx dy dz and drx dry drz" : "map them to x y z and qx qy qz qw");
  }
  conversion.from = *form;
  conversion.to = {IsDelta(map.to), form->position_dims,
                   form->rotation == RotationForm::kNone ? RotationForm::kNone : RotationOf(map)};
  if (conversion.to.is_delta && conversion.to.rotation != RotationForm::kNone &&
      conversion.to.rotation != RotationForm::kVector) {
    ThrowUsage(what + ": rotation: deltas are rotation vectors", place, "leave the key out");
  }
  if (!map.tool.empty() && (BodyOf(from) == BodyOf(map.to) || form->rotation == RotationForm::kNone)) {
    ThrowUsage(what + ": tool has no effect here", place, "it leads from wrist to end effector, with their rotations");
  }
  conversion.tool = ToolOf(map.tool, from.starts_with("ee_"), what, place);
  SetActions(actions, from, what, place, conversion);
  SetPose(sheet, source, map, what, place, conversion);
  return conversion;
}

}  // namespace heddle::mixture
