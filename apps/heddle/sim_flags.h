// Flags that say which simulated world, and through which cameras: the same for every verb that simulates.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world_spec.h"

namespace heddle::cli {

struct WorldFlags {
  std::string task;
  std::vector<std::string> settings;
  std::string gap = "none", actions;

  void AddTo(CLI::App& app);
  sim::WorldSpec Spec() const;
};

struct CameraFlags {
  std::vector<std::string> cameras;
  bool no_cameras = false, depth = false;
  std::string size = "84x84";

  void AddTo(CLI::App& app);
  // `usual`: where no camera is named.
  sim::CameraPlan Plan(const std::vector<std::string>& usual) const;
};

// "84x84" as width and height; usage error, with the flag, for anything else.
struct PictureSize {
  int64_t width, height;
};
PictureSize ParseSize(const std::string& text);

}  // namespace heddle::cli
