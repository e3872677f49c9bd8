#include "heddle/sim/world_spec.h"

#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/sim/task_list.h"

namespace heddle::sim {

WorldKind WorldKind::Of(const WorldSpec& spec) {
  WorldKind kind{.task = MakeTask(spec.task), .gap = ParseGap(spec.gap), .mode = ActionMode::kDelta};
  kind.mode = spec.mode.value_or(MakeEmbodiment(kind.gap.gap.embodiment)->facts().usual_mode);
  const OptionTree options = kind.task->Options();
  for (const std::string& setting : spec.settings) SetByPath(options, setting);
  return kind;
}

std::vector<std::string> WorldKind::DefaultCameras() const {
  std::vector<std::string> cameras = task->facts().cameras;
  cameras.push_back(MakeEmbodiment(gap.gap.embodiment)->facts().own_camera);
  return cameras;
}

nlohmann::ordered_json WorldKind::TaskOptions() const { return ToJson(task->Options()); }

std::string WorldKind::TaskText() const {
  std::string text = task->facts().name;
  const auto now = TaskOptions(), usual = ToJson(MakeTask(text)->Options());
  for (const auto& [key, value] : now.items()) {
    if (value != usual.at(key))
      text += ", " + key + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

ActionMode ModeFromName(const std::string& name) {
  for (const ActionMode mode : {ActionMode::kDelta, ActionMode::kAbsolute}) {
    if (name == ModeName(mode)) return mode;
  }
  const std::vector<std::string> names = {"delta", "absolute"};
  ThrowUsage("'" + name + "' is no action mode", "--actions", SuggestName(name, names));
}

std::string SimulatorVersion() { return std::string("mujoco ") + mj_versionString(); }

}  // namespace heddle::sim
