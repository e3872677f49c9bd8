// What is only seen must neither weigh nor touch, and pictures for people are put together right.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "heddle/sim/montage.h"
#include "heddle/sim/scene.h"

namespace heddle::sim {
namespace {

constexpr int kSeenOnly = 1;

const std::vector<std::string>& Files() {
  static const std::vector<std::string> files = {"table_world.xml", "panda.xml", "pegs.xml", "square_nut.xml",
                                                 "round_nut.xml"};
  return files;
}

TEST(Looks, WhatIsOnlySeenTouchesNothing) {
  const ModelHandle model = CompileScene(Files());
  int seen = 0;
  for (int geom = 0; geom < model->ngeom; ++geom) {
    if (model->geom_group[geom] != kSeenOnly) continue;
    ++seen;
    EXPECT_EQ(model->geom_contype[geom], 0);
    EXPECT_EQ(model->geom_conaffinity[geom], 0);
  }
  EXPECT_GT(seen, 20);
}

// The scene without its looks: MuJoCo drops geoms that can't touch, and what only they use.
ModelHandle CompileBare() {
  mjVFS vfs;
  mj_defaultVFS(&vfs);
  std::string scene = "<mujoco><compiler discardvisual=\"true\"/>";
  for (const SceneFile& file : SceneFiles())
    mj_addBufferVFS(&vfs, std::string(file.name).c_str(), file.text.data(), static_cast<int>(file.text.size()));
  for (const std::string& file : Files()) scene += "<include file=\"" + file + "\"/>";
  scene += "</mujoco>";
  mj_addBufferVFS(&vfs, "bare.xml", scene.data(), static_cast<int>(scene.size()));
  ModelHandle model(mj_loadXML("bare.xml", &vfs, nullptr, 0));
  mj_deleteVFS(&vfs);
  return model;
}

TEST(Looks, MotionIsTheSameWithoutThem) {
  const ModelHandle full = CompileScene(Files()), bare = CompileBare();
  ASSERT_TRUE(bare);
  ASSERT_LT(bare->ngeom + 20, full->ngeom);
  ASSERT_EQ(bare->nq, full->nq);
  const auto state_after = [](const mjModel& model) {
    const DataHandle data(mj_makeData(&model));
    for (int step = 0; step < 600; ++step) {
      for (int motor = 0; motor < model.nu; ++motor)
        data->ctrl[motor] = (motor + step / 50) % 3 == 0 ? -20.0 : 15.0 - motor;
      mj_step(&model, data.get());
    }
    return std::vector<double>(data->qpos, data->qpos + model.nq);
  };
  EXPECT_EQ(state_after(*full), state_after(*bare));
}

data::Image Filled(int64_t height, int64_t width, uint8_t value) {
  return {.height = height,
          .width = width,
          .channels = 3,
          .pixels = std::vector<uint8_t>(static_cast<size_t>(3 * height * width), value)};
}

TEST(Looks, MontagesKeepEachPictureWhole) {
  const std::vector<data::Image> beside = {Filled(2, 1, 10), Filled(2, 3, 20)};
  const data::Image row = SideBySide(beside);
  EXPECT_EQ(row.height, 2);
  EXPECT_EQ(row.width, 4);
  for (const int64_t y : {0, 1}) {
    EXPECT_EQ(row.pixels[static_cast<size_t>(3 * (4 * y))], 10);
    for (const int64_t x : {1, 2, 3}) EXPECT_EQ(row.pixels[static_cast<size_t>(3 * (4 * y + x) + 2)], 20);
  }
  const std::vector<data::Image> above = {row, Filled(1, 4, 30)};
  const data::Image all = Stacked(above);
  EXPECT_EQ(all.height, 3);
  EXPECT_TRUE(std::equal(row.pixels.begin(), row.pixels.end(), all.pixels.begin()));
  EXPECT_EQ(all.pixels.back(), 30);
}

}  // namespace
}  // namespace heddle::sim
