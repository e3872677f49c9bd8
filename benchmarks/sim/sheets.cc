// Contact sheets of the simulated world: a row an episode of the expert, at its start, half-way, and at its success.
//
//   sim_sheets strategies|visual|physics|embodiment|failures FILE.png
//
// `failures` has an episode built to fail in each way: where its turn comes, a second later, at its end.
#include <cmath>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "benchmarks/sim/failures.h"
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
constexpr uint64_t kMostSeeds = 50;  // tried for an episode that ends as it should

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
  if (sheet == "embodiment") {
    for (const std::string& strategy : MakeTask("nut_assembly")->facts().strategies)
      rows.push_back({.title = strategy, .gap = sheet, .strategy = strategy, .cameras = {"ego", "agentview"}});
    rows.push_back({.title = "visual", .gap = "visual+embodiment", .cameras = {"ego", "agentview"}});
    return rows;
  }
  if (sheet != "visual" && sheet != "physics") {
    const std::vector<std::string> names = {"strategies", "visual", "physics", "embodiment", "failures"};
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

// Three moments by each camera, camera by camera.
class Strip {
 public:
  Strip(const World& world, const Row& row) : world_(world), row_(row), renderer_(world.model()) {}

  void Add(const std::string& caption) {
    renderer_.SetCaption(caption);
    const std::vector<data::Image> images = Look(world_, renderer_, row_);
    for (size_t i = 0; i < images.size(); ++i) by_camera_[row_.cameras[i]].push_back(images[i]);
  }

  data::Image Whole() const {
    std::vector<data::Image> all;
    for (const std::string& camera : row_.cameras)
      all.insert(all.end(), by_camera_.at(camera).begin(), by_camera_.at(camera).end());
    return SideBySide(all);
  }

 private:
  const World& world_;
  const Row& row_;
  Renderer renderer_;
  std::map<std::string, std::vector<data::Image>> by_camera_;
};

std::string StepText(const World& world) { return "step " + std::to_string(world.step()); }

data::Image Picture(const Row& row) {
  const auto task = MakeTask("nut_assembly");
  SetByPath(task->Options(), "nuts=" + row.nuts);
  World world(*task, ParseGap(row.gap).gap, ActionMode::kDelta);
  uint64_t seed = 0;
  while (!Run(world, *task, row, seed, [] {})) {
    if (++seed == kMostSeeds) throw Error(ErrorKind::kBug, "no episode succeeds", row.title);
  }
  const int64_t last = world.step();
  Strip strip(world, row);
  Run(world, *task, row, seed, [&] {
    const int64_t step = world.step();
    if (step == 0 || step == last / 2 || step == last) strip.Add(step == 0 ? row.title : StepText(world));
  });
  std::cerr << row.title << ": seed " << seed << ", " << Counted(last, "step") << "\n";
  return strip.Whole();
}

data::Image Picture(const Failure& failure) {
  const auto task = MakeTask("nut_assembly");
  World world(*task, {}, ActionMode::kDelta);
  const Row row{.title = failure.label, .gap = "none", .cameras = {"frontview", "agentview"}};
  uint64_t seed = 0;
  FailedRun run = Fail(world, failure, seed, [] {});
  while (run.label != failure.label) {
    if (++seed == kMostSeeds) throw Error(ErrorKind::kBug, "was judged " + run.label, failure.label);
    run = Fail(world, failure, seed, [] {});
  }
  const int64_t last = world.step(), second = std::llround(task->facts().control_hz);
  Strip strip(world, row);
  Fail(world, failure, seed, [&] {
    const int64_t since = world.step() - run.turn_step;
    if (since == 0 || since == second || world.step() == last) strip.Add(since == 0 ? row.title : StepText(world));
  });
  std::cerr << failure.label << ": seed " << seed << "\n";
  return strip.Whole();
}

}  // namespace
}  // namespace heddle::sim

int main(int argc, char** argv) {
  using namespace heddle;
  try {
    if (argc != 3) ThrowUsage("is called as: sim_sheets strategies|visual|physics|embodiment|failures FILE.png");
    std::vector<data::Image> rows;
    if (std::string(argv[1]) == "failures") {
      for (const sim::Failure& failure : sim::Failures()) rows.push_back(sim::Picture(failure));
    } else {
      for (const sim::Row& row : sim::RowsOf(argv[1])) rows.push_back(sim::Picture(row));
    }
    WriteFileAtomically(argv[2], data::EncodePng(sim::Stacked(rows)));
    return 0;
  } catch (const Error& error) {
    std::cerr << "sim_sheets: " << error.what() << "\n";
    return error.exit_code();
  }
}
