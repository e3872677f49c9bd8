#include "heddle/sim/visual_gap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "heddle/sim/renderer.h"
#include "heddle/sim/scene.h"
#include "heddle/sim/sensor.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/test/rendering.h"
#include "heddle/sim/world.h"

namespace heddle::sim {
namespace {

std::vector<data::Image> Look(const World& world, Renderer& renderer) {
  std::vector<data::Image> pictures;
  Sensor sensor(world.gap().visual);
  renderer.Update(world.data());
  for (const std::string camera : {"agentview", "eye_in_hand"}) {
    pictures.push_back(renderer.Draw(camera, 64, 64));
    sensor.Apply(pictures.back(), SensorNoise(world.seed(), camera, world.step()));
  }
  return pictures;
}

std::vector<data::Image> Pictures(const std::string& gap) {
  const auto task = MakeTask("nut_assembly");
  World world(*task, ParseGap(gap).gap, ActionMode::kDelta);
  world.Reset(3);
  for (int64_t step = 0; step < 2; ++step) world.Step({{0.4, 0.3, -0.8, 0, 0, 0.2, -1}});
  Renderer renderer(world.model());
  return Look(world, renderer);
}

TEST(VisualGap, EachAxisChangesPictures) {
  NEEDS_OPENGL();
  const auto plain = Pictures("none");
  for (const GapAxis& axis : GapAxes()) {
    if (!axis.name.starts_with("visual")) continue;
    const auto changed = Pictures(axis.name);
    EXPECT_GT(MeanDifference(plain[0], changed[0]), 1) << axis.name;
    // The hand's camera sees the table alone, and no background.
    if (axis.name == "visual.background") continue;
    EXPECT_GT(MeanDifference(plain[1], changed[1]), 1) << axis.name;
  }
}

TEST(VisualGap, ChangesMoreTheStrongerItIs) {
  NEEDS_OPENGL();
  const auto plain = Pictures("none"), half = Pictures("visual.texture:0.5"), full = Pictures("visual.texture");
  for (size_t camera = 0; camera < plain.size(); ++camera)
    EXPECT_NEAR(MeanDifference(plain[camera], half[camera]) / MeanDifference(plain[camera], full[camera]), 0.5, 0.15);
}

TEST(VisualGap, NoneLeavesTheModelAlone) {
  const auto task = MakeTask("nut_assembly");
  std::vector<std::string> files = {"table_world.xml", "panda.xml"};
  for (std::string& file : task->SceneFiles()) files.push_back(std::move(file));
  const ModelHandle before = CompileScene(files), after = CompileScene(files);
  ApplyVisualGap({}, *after);
  const auto bytes = [](const mjModel& model) {
    std::vector<char> buffer(static_cast<size_t>(mj_sizeModel(&model)));
    mj_saveModel(&model, nullptr, buffer.data(), static_cast<int>(buffer.size()));
    return buffer;
  };
  EXPECT_EQ(bytes(*before), bytes(*after));
  ApplyVisualGap(ParseGap("visual:0.1").gap.visual, *after);
  EXPECT_NE(bytes(*before), bytes(*after));
}

TEST(VisualGap, LeavesTheMotionAlone) {
  const auto task = MakeTask("nut_assembly");
  World plain(*task, {}, ActionMode::kDelta), other(*task, ParseGap("visual:1.5").gap, ActionMode::kDelta);
  for (World* world : {&plain, &other}) {
    world->Reset(5);
    for (int step = 0; step < 30; ++step) world->Step({{0.4, 0.3, -0.9, 0.1, 0, 0.2, 1}});
  }
  EXPECT_EQ(plain.PhysicsState(), other.PhysicsState());
}

TEST(VisualGap, CamerasMoveAndTurnAsFarAsSaid) {
  const auto task = MakeTask("nut_assembly");
  std::vector<std::string> files = {"table_world.xml", "panda.xml", "pegs.xml", "square_nut.xml"};
  const ModelHandle before = CompileScene(files), after = CompileScene(files);
  VisualGap gap;
  gap.camera_shift_m = 0.05;
  gap.camera_turn_deg = 8;
  gap.camera_fovy = 1.2;
  ApplyVisualGap(gap, *after);
  for (int camera = 0; camera < before->ncam; ++camera) {
    EXPECT_NEAR(mju_dist3(before->cam_pos + 3 * camera, after->cam_pos + 3 * camera), 0.05, 1e-12);
    double dot = 0;
    for (int i = 0; i < 4; ++i) dot += before->cam_quat[4 * camera + i] * after->cam_quat[4 * camera + i];
    EXPECT_NEAR(2 * std::acos(std::abs(dot)) * 180 / std::numbers::pi, 8, 1e-3);
    EXPECT_NEAR(after->cam_fovy[camera], 1.2 * before->cam_fovy[camera], 1e-4);
  }
}

TEST(VisualGap, PicturesUnderItAreTheSameEveryTimeAndTheNoiseIsNew) {
  NEEDS_OPENGL();
  EXPECT_EQ(Pictures("visual"), Pictures("visual"));
  const auto task = MakeTask("nut_assembly");
  World world(*task, ParseGap("visual.sensor").gap, ActionMode::kDelta);
  Renderer renderer(world.model());
  world.Reset(1);
  const auto first = Look(world, renderer);
  EXPECT_EQ(Look(world, renderer), first);
  world.Step(world.IdleAction());
  EXPECT_GT(MeanDifference(Look(world, renderer)[0], first[0]), 0.5);
}

}  // namespace
}  // namespace heddle::sim
