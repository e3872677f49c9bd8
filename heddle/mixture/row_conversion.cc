#include "heddle/mixture/row_conversion.h"

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/mixture/resample.h"

namespace heddle::mixture {
namespace {

RowMap MapOf(const NumericLayout& layout, const std::map<std::string, SlotMap>& slots, const data::DatasetInfo& info,
             const std::string& where) {
  LayoutMap map;
  map.slots[layout.name] = slots;
  return RowMap(layout, map, info, where);
}

}  // namespace

RowConversion::RowConversion(const ActionConversion& conversion, const data::DatasetInfo& info,
                             const Timeline& timeline, const std::string& where)
    : conversion_(conversion),
      timeline_(timeline),
      actions_(MapOf(conversion.actions, conversion.action_slots, info, where)),
      poses_(MapOf(conversion.poses, conversion.pose_slots, info, where)) {
  for (const RowMap* map : {&actions_, &poses_}) {
    for (const std::string& name : map->features()) {
      if (std::ranges::find(features_, name) == features_.end()) features_.push_back(name);
    }
  }
  for (const Slot& slot : GoalLayout(conversion).slots) {
    if (timeline.same_rate() || slot.meaning != Meaning::kUnknown) continue;
    ThrowUsage("it is not known what " + conversion.actions.name + "." + slot.name +
                   " means, so it can't be brought to another rate",
               where, "choose the control_hz of this dataset");
  }
}

std::vector<uint8_t> RowConversion::is_present() const {
  const int64_t converted = conversion_.to.size();
  std::vector<uint8_t> present;
  for (const int64_t place : conversion_.order) {
    const int64_t from = place - converted + conversion_.from.size();
    present.push_back(place < converted ? 1 : actions_.is_present()[static_cast<size_t>(from)]);
  }
  return present;
}

std::vector<float> RowConversion::Rows(const RowMap& map, std::span<const contract::Array> values,
                                       int64_t length) const {
  std::vector<contract::Array> needed;
  for (const std::string& name : map.features()) {
    needed.push_back(values[static_cast<size_t>(std::ranges::find(features_, name) - features_.begin())]);
  }
  return map.Apply(needed, length);
}

std::vector<float> RowConversion::Apply(std::span<const contract::Array> values, int64_t length,
                                        const std::string& where) const {
  const std::vector<float> states = Rows(poses_, values, length);
  std::vector<float> goals = GoalsOf(conversion_, Rows(actions_, values, length), states, where);
  std::vector<float> poses = PosesOf(conversion_, states, where);
  if (!timeline_.same_rate()) {
    goals = Resample(goals, GoalLayout(conversion_), timeline_);
    poses = Resample(poses, PoseLayout(), timeline_);
  }
  return ActionsOf(conversion_, goals, poses);
}

}  // namespace heddle::mixture
