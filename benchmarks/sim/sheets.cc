// Contact sheets of the simulated world: a row an episode of the expert, at its start, half-way, and at its success.
//
//   sim_sheets strategies|visual|physics FILE.png
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/data/video/image_codec.h"
#include "heddle/sim/montage.h"
#include "heddle/sim/renderer.h"
#include "heddle/sim/sensor.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/world.h"

namespace heddle::sim {
namespace {

constexpr int64_t kSide = 112;       // pixels of a picture
constexpr uint64_t kMostSeeds = 50;  // tried for an episode that succeeds

struct Row {
  std::string title, gap = "none", strategy = "safe-handle", nuts = "square";
  std::vector<std::string> cameras = {"agentview", "eye_in_hand"};
};

std::vector<Row> RowsOf(const std::string& sheet) {
  std::vector<Row> rows;
  const std::vector<std::string> people = {"frontview", "agentview"};
  if (sheet == "strategies") {
    for (const std::string& strategy : MakeTask("nut_assembly")->facts().strategies)
      rows.push_back({.title = strategy, .strategy = strategy, .cameras = people});
    rows.push_back({.title = "nuts: round", .nuts = "round", .cameras = people});
    rows.push_back({.title = "nuts: both", .nuts = "both", .cameras = people});
    return rows;
  }
  if (sheet != "visual" && sheet != "physics") {
    const std::vector<std::string> names = {"strategies", "visual", "physics"};
    ThrowUsage("'" + sheet + "' is no sheet", "", SuggestName(sheet, names));
  }
  rows.push_back({.title = "none"});
  for (const GapAxis& axis : GapAxes()) {
    if (axis.name.starts_with(sheet) || (sheet == "physics" && axis.name == "perception"))
      rows.push_back({.title = axis.name.substr(axis.name.find('.') + 1), .gap = axis.name});
  }
  return rows;
}

// Runs the expert; `look` is called before the first step and after each one. Whether it succeeded.
template <class Look>
bool Run(World& world, const Task& task, const Row& row, uint64_t seed, const Look& look) {
  world.Reset(seed);
  const auto expert = task.NewExpert(row.strategy);
  expert->Reset(world, RandomStream(seed, task.facts().name).Split("expert"));
  look();
  while (!world.over() && !world.success()) {
    world.Step(expert->Act(world));
    look();
  }
  return world.success();
}

std::vector<data::Image> Look(const World& world, Renderer& renderer, const Row& row) {
  std::vector<data::Image> images;
  Sensor sensor(world.gap().visual);
  renderer.Update(world.data());
  for (const std::string& camera : row.cameras) {
    images.push_back(renderer.Draw(camera, kSide, kSide));
    sensor.Apply(images.back(), SensorNoise(world.seed(), camera, world.step()));
  }
  return images;
}

data::Image Picture(const Row& row) {
  const auto task = MakeTask("nut_assembly");
  SetByPath(task->Options(), "nuts=" + row.nuts);
  World world(*task, ParseGap(row.gap).gap, ActionMode::kDelta);
  uint64_t seed = 0;
  while (!Run(world, *task, row, seed, [] {})) {
    if (++seed == kMostSeeds) throw Error(ErrorKind::kBug, "no episode succeeds", row.title);
  }
  const int64_t last = world.step();
  Renderer renderer(world.model());
  std::map<std::string, std::vector<data::Image>> by_camera;
  Run(world, *task, row, seed, [&] {
    if (world.step() != 0 && world.step() != last / 2 && world.step() != last) return;
    renderer.SetCaption(world.step() == 0 ? row.title : "step " + std::to_string(world.step()));
    const std::vector<data::Image> images = Look(world, renderer, row);
    for (size_t i = 0; i < images.size(); ++i) by_camera[row.cameras[i]].push_back(images[i]);
  });
  std::vector<data::Image> all;
  for (const std::string& camera : row.cameras)
    all.insert(all.end(), by_camera[camera].begin(), by_camera[camera].end());
  std::cerr << row.title << ": seed " << seed << ", " << Counted(last, "step") << "\n";
  return SideBySide(all);
}

}  // namespace
}  // namespace heddle::sim

int main(int argc, char** argv) {
  using namespace heddle;
  try {
    if (argc != 3) ThrowUsage("is called as: sim_sheets strategies|visual|physics FILE.png");
    std::vector<data::Image> rows;
    for (const sim::Row& row : sim::RowsOf(argv[1])) rows.push_back(sim::Picture(row));
    WriteFileAtomically(argv[2], data::EncodePng(sim::Stacked(rows)));
    return 0;
  } catch (const Error& error) {
    std::cerr << "sim_sheets: " << error.what() << "\n";
    return error.exit_code();
  }
}
