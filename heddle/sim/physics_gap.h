// Puts a gap of physics into a model.
#pragma once

#include <vector>

#include "heddle/sim/embodiment.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/mujoco.h"
#include "heddle/sim/task.h"

namespace heddle::sim {

// Changes masses, sizes and friction of the task's movable objects, the friction and force of the fingers, the damping
// of the embodiment's joints. Stiffness and delay belong to the controller and the world. `model` is as compiled.
void ApplyPhysicsGap(const PhysicsGap& gap, const std::vector<SceneObject>& objects, const EmbodimentFacts& body,
                     mjModel& model);

}  // namespace heddle::sim
