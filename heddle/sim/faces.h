// How much work a scene is to draw.
#pragma once

#include <cstdint>

#include "heddle/sim/mujoco.h"

namespace heddle::sim {

// Triangles of the scene's geoms, as MuJoCo makes them of meshes and, by the model's quality settings, of round shapes.
int64_t CountFaces(const mjModel& model, const mjvScene& scene);

}  // namespace heddle::sim
