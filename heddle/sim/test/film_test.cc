#include "heddle/sim/film.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/test/rendering.h"

namespace heddle::sim {
namespace {

using ::testing::HasSubstr;

class FilmTest : public ::testing::Test {
 protected:
  std::string ErrorOf(const FilmPlan& plan) {
    try {
      FilmExpert(world_, plan, folder_.path() / "film.mp4", stop_, [] {});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  const std::unique_ptr<Task> task_ = MakeTask("nut_assembly");
  World world_{*task_, {}, ActionMode::kDelta};
  const ScratchFolder folder_;
  StopFlag stop_;
};

TEST_F(FilmTest, HoldsAFrameAStateAndStopsWhenAsked) {
  NEEDS_OPENGL();
  const FilmPlan plan{
      .strategy = "fast-rim", .seed = 3, .cameras = {"agentview", "eye_in_hand"}, .height = 64, .width = 64};
  int64_t steps = 0;
  const Film film = FilmExpert(world_, plan, folder_.path() / "film.mp4", stop_, [&] {
    if (++steps == 12) stop_.Request();
  });
  EXPECT_EQ(film.frames, 13);
  EXPECT_TRUE(film.stopped);
  EXPECT_FALSE(film.success_end);
  EXPECT_EQ(folder_.CountEntries(), 1);
  const data::VideoReader reader(folder_.path() / "film.mp4");
  EXPECT_EQ(reader.facts().num_frames, 13);
  EXPECT_EQ(reader.facts().width, 128);
}

TEST_F(FilmTest, WhatCanNotBeFilmedIsSaid) {
  NEEDS_OPENGL();
  EXPECT_THAT(ErrorOf({.strategy = "fast-rim", .cameras = {"agent"}}), HasSubstr("did you mean 'agentview'?"));
  EXPECT_THAT(ErrorOf({.strategy = "fast-rims", .cameras = {"agentview"}}), HasSubstr("fast-rim"));
  EXPECT_THAT(ErrorOf({.strategy = "fast-rim", .cameras = {"agentview"}, .height = 63}), HasSubstr("even"));
  EXPECT_THAT(ErrorOf({.strategy = "fast-rim"}), HasSubstr("needs a camera"));
  EXPECT_EQ(folder_.CountEntries(), 0);
}

}  // namespace
}  // namespace heddle::sim
