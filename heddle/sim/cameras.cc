#include "heddle/sim/cameras.h"

#include <utility>

namespace heddle::sim {

Cameras::Cameras(const World& world, std::vector<std::string> names, int64_t height, int64_t width,
                 const RenderOptions& options)
    : names_(std::move(names)),
      renderer_(world.model(), options),
      sensor_(world.gap().visual),
      pictures_(names_.size(), {.height = height, .width = width, .channels = 3, .pixels = {}}) {
  Look(world);
}

const std::vector<data::Image>& Cameras::Look(const World& world) {
  renderer_.Update(world.data());
  const RandomStream noise(world.seed(), "cameras");
  for (size_t i = 0; i < names_.size(); ++i) {
    renderer_.Draw(names_[i], pictures_[i]);
    if (sensor_.active())
      sensor_.Apply(pictures_[i], noise.Split(names_[i]).Split(static_cast<uint64_t>(world.step())));
  }
  return pictures_;
}

}  // namespace heddle::sim
