#include "heddle/sim/renderer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/data/video/image_codec.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/test/mesa_suppressions.h"
#include "heddle/sim/test/rendering.h"
#include "heddle/sim/world.h"

namespace heddle::sim {
namespace {

using ::testing::HasSubstr;

// A world somewhere on its way.
class Sight {
 public:
  explicit Sight(uint64_t seed, int64_t steps = 5)
      : task_(MakeTask("nut_assembly")), world_(*task_, {}, ActionMode::kDelta) {
    world_.Reset(seed);
    for (int64_t step = 0; step < steps; ++step) world_.Step({{0.4, 0.3, -0.8, 0, 0, 0.2, -1}});
  }
  const mjModel& model() const { return world_.model(); }
  const mjData& data() const { return world_.data(); }

 private:
  std::unique_ptr<Task> task_;
  World world_;
};

data::Image Picture(const Sight& sight, const std::string& camera, int64_t side) {
  Renderer renderer(sight.model());
  renderer.Update(sight.data());
  return renderer.Draw(camera, side, side);
}

TEST(Renderer, DrawsTheSamePictureEveryTime) {
  NEEDS_OPENGL();
  const Sight sight(3), other(4);
  const data::Image first = Picture(sight, "agentview", 84);
  Renderer renderer(sight.model());
  renderer.Update(sight.data());
  EXPECT_EQ(renderer.Draw("agentview", 84, 84), first);
  renderer.Draw("eye_in_hand", 40, 120);
  EXPECT_EQ(renderer.Draw("agentview", 84, 84), first);
  renderer.Update(other.data());
  EXPECT_NE(renderer.Draw("agentview", 84, 84), first);
  renderer.Update(sight.data());
  data::Image into{.height = 84, .width = 84, .channels = 3, .pixels = {}};
  renderer.Draw("agentview", into);
  EXPECT_EQ(into, first);
}

TEST(Renderer, TwoOnOneThreadDoNotDisturbEachOther) {
  NEEDS_OPENGL();
  const Sight sight(3), other(4);
  Renderer a(sight.model()), b(other.model());
  a.Update(sight.data());
  b.Update(other.data());
  const data::Image first = a.Draw("agentview", 64, 64), second = b.Draw("agentview", 64, 64);
  EXPECT_NE(first, second);
  EXPECT_EQ(a.Draw("agentview", 64, 64), first);
  EXPECT_EQ(b.Draw("agentview", 64, 64), second);
}

TEST(Renderer, ThreadsWithOneEachDrawTheSame) {
  NEEDS_OPENGL();
  constexpr size_t kThreads = 4;
  std::array<data::Image, kThreads> pictures;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const Sight sight(i % 2);
      Renderer renderer(sight.model());
      renderer.Update(sight.data());
      for (int round = 0; round < 10; ++round) pictures[i] = renderer.Draw("agentview", 64, 64);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pictures[0], pictures[2]);
  EXPECT_EQ(pictures[1], pictures[3]);
  EXPECT_NE(pictures[0], pictures[1]);
  EXPECT_EQ(pictures[0], Picture(Sight(0), "agentview", 64));
}

TEST(Renderer, TopIsUpAndLeftIsLeft) {
  NEEDS_OPENGL();
  const Sight sight(3);
  const data::Image image = Picture(sight, "frontview", 128);
  const auto brightness = [&](int64_t y, int64_t x) {
    const uint8_t* pixel = image.pixels.data() + 3 * (y * 128 + x);
    return (pixel[0] + pixel[1] + pixel[2]) / 3;
  };
  // The light table before the dark stand that carries the arm.
  EXPECT_GT(brightness(90, 40), brightness(120, 64) + 40);
  // From the front, the square peg (brass: red over blue) is on the right, the round one (steel) on the left.
  int brass_left = 0, brass_right = 0;
  for (int64_t y = 0; y < 128; ++y) {
    for (int64_t x = 0; x < 128; ++x) {
      const uint8_t* pixel = image.pixels.data() + 3 * (y * 128 + x);
      if (pixel[0] > pixel[2] + 50) ++(x < 64 ? brass_left : brass_right);
    }
  }
  EXPECT_GT(brass_right, 20 + 4 * brass_left);
}

TEST(Renderer, SaysWhichCamerasThereAre) {
  NEEDS_OPENGL();
  const Sight sight(3);
  Renderer renderer(sight.model());
  renderer.Update(sight.data());
  try {
    renderer.Draw("agent_view", 84, 84);
    FAIL() << "drew for a camera that is none";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'agentview'?"));
  }
  for (const auto& [height, width] : {std::pair{0, 84}, {84, -1}, {84, 4097}})
    EXPECT_THROW(renderer.Draw("agentview", height, width), Error);
}

// Where a ray from the camera through a pixel's centre meets what is drawn.
double RayDepth(const mjModel& model, const mjData& data, const std::string& camera, int64_t side, int64_t y,
                int64_t x) {
  const int id = CameraOf(model, camera);
  const double half = std::tan(model.cam_fovy[id] * std::numbers::pi / 360);
  const double* axes = data.cam_xmat + 9 * id;  // columns: right, up, back
  const double right = half * (2 * (static_cast<double>(x) + 0.5) / static_cast<double>(side) - 1),
               up = half * (1 - 2 * (static_cast<double>(y) + 0.5) / static_cast<double>(side));
  std::array<double, 3> ray;
  for (size_t i = 0; i < 3; ++i) ray[i] = right * axes[3 * i] + up * axes[3 * i + 1] - axes[3 * i + 2];
  const std::array<mjtByte, mjNGROUP> groups = {1, 1};
  std::array<int, 1> geom{};
  // The ray is one metre deep along the axis, so its length in those units is the depth.
  return mj_ray(&model, &data, data.cam_xpos + 3 * id, ray.data(), groups.data(), 1, -1, geom.data(), nullptr);
}

TEST(Renderer, DepthIsWhatARayMeasures) {
  NEEDS_OPENGL();
  constexpr int64_t kSide = 61;
  const Sight sight(3);
  Renderer renderer(sight.model(), {.samples = 0});
  renderer.Update(sight.data());
  for (const char* camera : {"agentview", "eye_in_hand", "frontview"}) {
    const data::DepthImage depth = renderer.Depth(camera, kSide, kSide);
    int close = 0, all = 0;
    for (int64_t y = 0; y < kSide; y += 3) {
      for (int64_t x = 0; x < kSide; x += 3) {
        const double truth = RayDepth(sight.model(), sight.data(), camera, kSide, y, x);
        if (truth > 0 && truth < sight.model().vis.map.znear) continue;  // the hand, which its camera looks through
        ++all;
        close += std::abs(depth.values[static_cast<size_t>(y * kSide + x)] - std::max(truth, 0.0)) < 2e-3 ? 1 : 0;
      }
    }
    // But at edges, and on round things, which are drawn with corners.
    EXPECT_GT(close, 0.9 * all) << camera;
    EXPECT_GT(all, 200) << camera;
  }
}

TEST(Renderer, SceneIsSmall) {
  NEEDS_OPENGL();
  const auto task = MakeTask("nut_assembly");
  ReadYaml(task->Options(), "nuts: both", "test");
  for (const char* gap : {"none", "embodiment"}) {
    World world(*task, ParseGap(gap).gap, ActionMode::kDelta);
    Renderer renderer(world.model());
    renderer.Update(world.data());
    EXPECT_GT(renderer.num_faces(), 500) << gap;
    EXPECT_LE(renderer.num_faces(), 10000) << gap;
  }
}

// Another process, as one can't have two back-ends: runs one of the two tests below, which leaves `file`.
bool Rerun(const std::string& environment, const std::string& test, const std::filesystem::path& file) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string command = environment + " HEDDLE_TEST_FILE=" + file.string() + " " + self + " --gtest_filter=*" +
                              test + " --gtest_also_run_disabled_tests > /dev/null 2>&1";
  return std::system(command.c_str()) == 0 && std::filesystem::exists(file);
}

// Empty where the machine lacks this back-end.
std::optional<data::Image> PictureOfAnotherProcess(const std::string& environment, const std::filesystem::path& file) {
  if (!Rerun(environment, "LeavesAPicture", file)) return std::nullopt;
  return data::DecodeImage(ReadFile(file), file.string());
}

TEST(Renderer, DISABLED_LeavesAPicture) {
  NEEDS_OPENGL();
  const char* file = std::getenv("HEDDLE_TEST_FILE");
  ASSERT_TRUE(file);
  std::ofstream(file, std::ios::binary) << data::EncodePng(Picture(Sight(3), "agentview", 128));
}

TEST(Renderer, DISABLED_LeavesItsError) {
  const char* file = std::getenv("HEDDLE_TEST_FILE");
  ASSERT_TRUE(file);
  try {
    Picture(Sight(3, 0), "agentview", 16);
  } catch (const Error& error) {
    std::ofstream(file) << KindName(error.kind()) << ": " << error.what();
  }
}

// Libraries that are none, in front of the machine's.
void Break(const std::filesystem::path& folder, const std::vector<std::string>& libraries) {
  for (const std::string& library : libraries) std::ofstream(folder / library) << "no library";
}

TEST(Renderer, SaysWhatToInstallWhereThereIsNoOpenGl) {
  const ScratchFolder folder;
  Break(folder.path(), {"libEGL.so.1", "libOSMesa.so.8", "libOSMesa.so.6"});
  const auto file = folder.path() / "error.txt";
  ASSERT_TRUE(Rerun("LD_LIBRARY_PATH=" + folder.path().string(), "LeavesItsError", file));
  EXPECT_THAT(ReadFile(file), testing::StartsWith("system: OpenGL: pictures can't be rendered: "));
  EXPECT_THAT(ReadFile(file), HasSubstr("apt install libegl1"));
  std::filesystem::remove(file);
  ASSERT_TRUE(Rerun("HEDDLE_RENDERER=osmes", "LeavesItsError", file));
  EXPECT_THAT(ReadFile(file),
              HasSubstr("usage: HEDDLE_RENDERER: 'osmes' is no way to render (did you mean 'osmesa'?)"));
}

TEST(Renderer, TakesOsMesaWhereEglIsMissing) {
  const ScratchFolder folder;
  Break(folder.path(), {"libEGL.so.1"});
  const auto found = PictureOfAnotherProcess("LD_LIBRARY_PATH=" + folder.path().string(), folder.path() / "found.png");
  const auto forced = PictureOfAnotherProcess("HEDDLE_RENDERER=osmesa", folder.path() / "forced.png");
  if (!forced) GTEST_SKIP() << "no OSMesa here";
  EXPECT_EQ(found, forced);
}

TEST(Renderer, RunsDrawTheSame) {
  NEEDS_OPENGL();
  const ScratchFolder folder;
  const std::string backend = LookAtRendering().facts.platform == "EGL" ? "egl" : "osmesa";
  const auto picture = PictureOfAnotherProcess("HEDDLE_RENDERER=" + backend, folder.path() / "picture.png");
  ASSERT_TRUE(picture);
  EXPECT_EQ(*picture, Picture(Sight(3), "agentview", 128));
}

TEST(Renderer, BackEndsDrawNearlyTheSame) {
  const ScratchFolder folder;
  const auto egl = PictureOfAnotherProcess("HEDDLE_RENDERER=egl", folder.path() / "egl.png");
  const auto osmesa = PictureOfAnotherProcess("HEDDLE_RENDERER=osmesa", folder.path() / "osmesa.png");
  if (!egl) GTEST_SKIP() << "no EGL here";
  if (!osmesa) GTEST_SKIP() << "no OSMesa here";
  EXPECT_LE(MeanDifference(*egl, *osmesa), 2);
}

}  // namespace
}  // namespace heddle::sim
