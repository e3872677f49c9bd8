// Which world: what the command line says, and what it comes to. One world is named the same way wherever it is played,
// recorded or evaluated in.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/sim/gap.h"
#include "heddle/sim/task.h"
#include "heddle/sim/world.h"

namespace heddle::sim {

struct WorldSpec {
  std::string task = "nut_assembly";
  std::vector<std::string> settings = {};  // of the task's options: "nuts=round"
  std::string gap = "none";
  std::optional<ActionMode> mode = {};  // else the embodiment's usual one
};

// The spec, read and checked.
struct WorldKind {
  std::unique_ptr<Task> task;
  NamedGap gap;
  ActionMode mode;

  static WorldKind Of(const WorldSpec& spec);
  World NewWorld() const { return World(*task, gap.gap, mode); }

  // Where no camera is named: the task's and the embodiment's own.
  std::vector<std::string> DefaultCameras() const;

  nlohmann::ordered_json TaskOptions() const;  // resolved
  std::string TaskText() const;                // "nut_assembly, nuts=round": options that differ from the defaults
};

// "delta" or "absolute"; usage error for anything else.
ActionMode ModeFromName(const std::string& name);

// "mujoco 3.14.0".
std::string SimulatorVersion();

}  // namespace heddle::sim
