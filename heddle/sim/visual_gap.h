// Puts a gap of what cameras see into a model, before pictures are taken of it.
#pragma once

#include "heddle/sim/gap.h"
#include "heddle/sim/mujoco.h"

namespace heddle::sim {

// Changes colours and textures, lights, cameras. A scene names the other set itself: beside a material (or texture)
// `table` stands `table.other`, whose colour (or pixels: same kind and size) are those at strength 1; what has none
// gets the colour across the colour circle. `floor`, `wall` and `sky` are the background, all else is `texture`. The
// way that a camera is moved and turned is a function of its name. Nothing that physics knows is touched, and without a
// gap nothing at all. What happens to the pictures themselves is a Sensor's (heddle/sim/sensor.h).
void ApplyVisualGap(const VisualGap& gap, mjModel& model);

}  // namespace heddle::sim
