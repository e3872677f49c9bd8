// The cameras that a policy looks through: which, how large, with depth or without.
//
//   CameraRig rig(world, {.cameras = {"agentview"}, .height = 84, .width = 84});
//   rig.Look(world);
//   rig.images().at("agentview");
//
// Belongs to the thread that made it (heddle/sim/renderer.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "heddle/data/video/image.h"
#include "heddle/sim/renderer.h"
#include "heddle/sim/sensor.h"
#include "heddle/sim/world.h"

namespace heddle::sim {

struct CameraPlan {
  std::vector<std::string> cameras;  // names of the scene's cameras
  int64_t height = 84, width = 84;   // pixels
  bool depth = false;                // of each camera, too
};

class CameraRig {
 public:
  // Usage error for a camera that the world has not; kSystem where nothing can be rendered. With no cameras there is no
  // renderer, and nothing that can fail.
  CameraRig(const World& world, const CameraPlan& plan);

  // What the cameras see now, through the gap of the world: a function of its state, seed and step.
  void Look(const World& world);

  const std::map<std::string, data::Image>& images() const { return images_; }
  const std::map<std::string, data::DepthImage>& depths() const { return depths_; }  // metres

 private:
  CameraPlan plan_;
  Sensor sensor_;
  std::unique_ptr<Renderer> renderer_;
  std::map<std::string, data::Image> images_;
  std::map<std::string, data::DepthImage> depths_;
};

}  // namespace heddle::sim
