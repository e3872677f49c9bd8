#include "heddle/sim/world.h"

#include <gtest/gtest.h>

#include "heddle/sim/task_list.h"

namespace heddle::sim {
namespace {

TEST(World, ExpertPutsTheNutOnItsPeg) {
  const auto task = MakeTask("nut_assembly");
  World world(*task, {}, ActionMode::kDelta);
  int successes = 0;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    world.Reset(seed);
    const auto expert = task->NewExpert("safe-rim");
    expert->Reset(world, RandomStream(seed, "expert"));
    while (!world.over() && !expert->finished()) world.Step(expert->Act(world));
    successes += world.success() ? 1 : 0;
  }
  EXPECT_EQ(successes, 5);
}

}  // namespace
}  // namespace heddle::sim
