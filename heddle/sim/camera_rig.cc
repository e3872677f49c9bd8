#include "heddle/sim/camera_rig.h"

#include <utility>

namespace heddle::sim {

CameraRig::CameraRig(const World& world, const CameraPlan& plan) : plan_(plan), sensor_(world.gap().visual) {
  if (plan.cameras.empty()) return;
  for (const std::string& camera : plan.cameras) CameraOf(world.model(), camera);
  renderer_ = std::make_unique<Renderer>(world.model());
}

void CameraRig::Look(const World& world) {
  if (!renderer_) return;
  renderer_->Update(world.data());
  for (const std::string& camera : plan_.cameras) {
    data::Image image = renderer_->Draw(camera, plan_.height, plan_.width);
    sensor_.Apply(image, SensorNoise(world.seed(), camera, world.step()));
    images_[camera] = std::move(image);
    if (plan_.depth) depths_[camera] = renderer_->Depth(camera, plan_.height, plan_.width);
  }
}

}  // namespace heddle::sim
