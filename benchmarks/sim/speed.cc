// Control steps a second: sim_speed NUTS CAMERAS THREADS SECONDS, one JSON object.
//
// Each thread has a world of its own and takes small random actions, episode after episode; with CAMERAS of 84x84 it
// looks through so many after each step. Physics and pictures are timed apart.
#include <atomic>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world_spec.h"

namespace heddle::sim {
namespace {

using Clock = std::chrono::steady_clock;

double Since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Tally {
  int64_t steps = 0;
  double physics_s = 0, render_s = 0;
};

Tally Work(const WorldKind& kind, const CameraPlan& cameras, uint64_t worker, double seconds) {
  World world = kind.NewWorld();
  CameraRig rig(world, cameras);
  rig.Look(world);
  RandomStream random(worker, "speed");
  std::vector<double> action(world.actions().names.size());
  Tally tally;
  uint64_t seed = worker;
  world.Reset(seed);
  for (const auto start = Clock::now(); Since(start) < seconds; ++tally.steps) {
    if (world.over()) world.Reset(seed += 1000);
    for (double& value : action) value = 0.3 * (2 * random.Uniform() - 1);
    const auto before = Clock::now();
    world.Step(action);
    const auto between = Clock::now();
    rig.Look(world);
    tally.physics_s += std::chrono::duration<double>(between - before).count();
    tally.render_s += Since(between);
  }
  return tally;
}

int Main(const std::vector<std::string>& words) {
  if (words.size() != 4) {
    std::cerr << "sim_speed NUTS CAMERAS THREADS SECONDS\n";
    return 2;
  }
  const WorldKind kind = WorldKind::Of({.settings = {"nuts=" + words[0]}});
  CameraPlan cameras;
  cameras.cameras = std::vector<std::string>{"agentview", "eye_in_hand"};
  cameras.cameras.resize(std::stoul(words[1]));
  const auto threads = std::stoul(words[2]);
  const double seconds = std::stod(words[3]);
  std::vector<Tally> tallies(threads);
  {
    std::vector<std::jthread> workers;
    for (size_t i = 0; i < threads; ++i) workers.emplace_back([&, i] { tallies[i] = Work(kind, cameras, i, seconds); });
  }
  Tally sum;
  for (const Tally& tally : tallies) {
    sum.steps += tally.steps;
    sum.physics_s += tally.physics_s;
    sum.render_s += tally.render_s;
  }
  std::cout << DumpJson({{"steps_per_s", static_cast<double>(sum.steps) / seconds},
                         {"physics_ms_per_step", 1e3 * sum.physics_s / static_cast<double>(sum.steps)},
                         {"render_ms_per_step", 1e3 * sum.render_s / static_cast<double>(sum.steps)}})
            << "\n";
  return 0;
}

}  // namespace
}  // namespace heddle::sim

int main(int argc, char** argv) {
  try {
    return heddle::sim::Main({argv + 1, argv + argc});
  } catch (const heddle::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
