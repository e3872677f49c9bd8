// What a policy sees: pictures from a world's cameras, with all that the world's gap does to them.
//
//   Cameras cameras(world, {"agentview", "eye_in_hand"}, 84, 84);
//   for (const data::Image& image : cameras.Look(world)) ...
//
// A picture is a function of (model with its gap, state, episode seed, step, camera). Like its Renderer, for one
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/sim/renderer.h"
#include "heddle/sim/sensor.h"
#include "heddle/sim/world.h"

namespace heddle::sim {

class Cameras {
 public:
  // The world may be moved, and must outlive it. Usage error for a camera that is none or a size that can't be
  // rendered, system error where there is no OpenGL.
  Cameras(const World& world, std::vector<std::string> names, int64_t height, int64_t width,
          const RenderOptions& options = {});

  // One picture a name, in their order; valid until the next call. `world` is the one that it was made for.
  const std::vector<data::Image>& Look(const World& world);

  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  Renderer renderer_;
  Sensor sensor_;
  std::vector<data::Image> pictures_;
};

}  // namespace heddle::sim
