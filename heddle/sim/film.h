// An expert's episode as a film, for people's eyes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heddle/core/stop.h"
#include "heddle/sim/world.h"

namespace heddle::sim {

struct FilmPlan {
  std::string strategy{};
  uint64_t seed = 0;
  std::vector<std::string> cameras{};  // side by side
  int64_t height = 480, width = 480;   // of each camera's picture
  bool plain = false;                  // as policies see it: no shadows, no sky, no caption
};

struct Film {
  int64_t frames = 0;  // the state at the reset, and after each step
  bool success_any = false, success_end = false, stopped = false;
  std::string failure;  // "none" after a success at the end
};

// Plays the episode that `heddle sim record` would record from that seed, to an H.264 MP4 at the task's control rate.
// The file appears whole or not at all; stopped, it holds the episode so far. `frame_done` is told each step. Usage
// error for a strategy or camera that there is not, or sides that a video can't have; kSystem where nothing can be
// rendered or written.
Film FilmExpert(World& world, const FilmPlan& plan, const std::filesystem::path& file, const StopFlag& stop,
                const std::function<void()>& frame_done);

}  // namespace heddle::sim
