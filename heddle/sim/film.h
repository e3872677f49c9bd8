// Episodes as films, for people's eyes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heddle/core/stop.h"
#include "heddle/sim/world.h"

namespace heddle::sim {

struct FilmPlan {
  std::string strategy{};  // said in the caption
  uint64_t seed = 0;
  std::vector<std::string> cameras{};  // side by side
  int64_t height = 480, width = 480;   // of each camera's picture
  bool plain = false;                  // as policies see it: no shadows, no sky, no caption
};

// Shoots a world as it stands, picture after picture, to an H.264 MP4 at the task's control rate. The file appears
// whole, at Finish, or not at all. Usage error for a camera that there is not, or sides that a video can't have;
// kSystem where nothing can be rendered or written.
class FilmWriter {
 public:
  // World and plan must outlive it.
  FilmWriter(const World& world, const FilmPlan& plan, const std::filesystem::path& file);
  ~FilmWriter();
  void Shoot(const std::string& stage);  // said in the caption
  int64_t frames() const;
  void Finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

struct Film {
  int64_t frames = 0;  // the state at the reset, and after each step
  bool success_any = false, success_end = false, stopped = false;
  std::string failure;  // "none" after a success at the end
};

// Plays the episode that `heddle sim record` would record from that seed; stopped, the film holds the episode so far.
// `frame_done` is told each step. Usage error for a strategy that there is not.
Film FilmExpert(World& world, const FilmPlan& plan, const std::filesystem::path& file, const StopFlag& stop,
                const std::function<void()>& frame_done);

}  // namespace heddle::sim
