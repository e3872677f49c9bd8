#include "apps/heddle/sim_flags.h"

#include <charconv>

#include "heddle/core/error.h"

namespace heddle::cli {

void WorldFlags::AddTo(CLI::App& app) {
  app.add_option("TASK", task, "which task; `heddle sim tasks` lists them")->required();
  app.add_option("--gap", gap, "how the world differs: none, visual, physics:0.5, perception+physics, or a file")
      ->type_name("GAP");
  app.add_option("--set", settings, "an option of the task, e.g. nuts=round; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--actions", actions, "delta or absolute; default: what the embodiment is usually told")
      ->type_name("MODE");
}

sim::WorldSpec WorldFlags::Spec() const {
  sim::WorldSpec spec{.task = task, .settings = settings, .gap = gap};
  if (!actions.empty()) spec.mode = sim::ModeFromName(actions);
  return spec;
}

void CameraFlags::AddTo(CLI::App& app) {
  app.add_option("--cameras", cameras, "e.g. agentview,eye_in_hand; default: the task's and the body's own")
      ->type_name("LIST")
      ->delimiter(',');
  app.add_flag("--no-cameras", no_cameras, "states only")->excludes("--cameras");
  app.add_option("--size", size, "of the pictures, width by height")->type_name("WxH")->capture_default_str();
  app.add_flag("--depth", depth, "depth of each camera, too");
}

sim::CameraPlan CameraFlags::Plan(const std::vector<std::string>& usual) const {
  const PictureSize picture = ParseSize(size);
  sim::CameraPlan plan{
      .cameras = cameras.empty() ? usual : cameras, .height = picture.height, .width = picture.width, .depth = depth};
  if (no_cameras && depth) ThrowUsage("there is no depth without cameras", "--depth", "leave out --no-cameras");
  if (no_cameras) plan.cameras.clear();
  return plan;
}

PictureSize ParseSize(const std::string& text) {
  constexpr int64_t kMost = 4096;
  PictureSize size{};
  const char *from = text.data(), *end = text.data() + text.size();
  const auto [x, width_error] = std::from_chars(from, end, size.width);
  if (width_error == std::errc() && x != end && *x == 'x') {
    const auto [last, height_error] = std::from_chars(x + 1, end, size.height);
    const bool fits = size.width >= 1 && size.height >= 1 && size.width <= kMost && size.height <= kMost;
    if (height_error == std::errc() && last == end && fits) return size;
  }
  ThrowUsage("'" + text + "' is no size of a picture", "--size", "give width and height, e.g. 128x96");
}

}  // namespace heddle::cli
