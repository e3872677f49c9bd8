// How often an expert succeeds, as one JSON object:
//
//   sim_experts STRATEGY GAP NUTS EPISODES
//
// Episode k begins from seed k, in the embodiment's usual action mode. Steps are control steps, the rate is of one
// core's own time: physics, controller and expert, no pictures.
#include <cstdio>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/world.h"
#include "heddle/stats/proportion.h"

namespace {

using heddle::RandomStream;
using heddle::sim::World;

constexpr const char* kTask = "nut_assembly";

struct Tally {
  int64_t episodes = 0, steps = 0, successes_any = 0, successes_end = 0;
  std::map<std::string, int64_t> failures;
};

void Play(World& world, const std::string& strategy, uint64_t seed, Tally& tally) {
  world.Reset(seed);
  const auto expert = world.task().NewExpert(strategy);
  expert->Reset(world, RandomStream(seed, kTask).Split("expert"));
  while (!world.over() && !expert->finished()) world.Step(expert->Act(world));
  ++tally.episodes;
  tally.steps += world.step();
  tally.successes_any += world.success_any() ? 1 : 0;
  tally.successes_end += world.success() ? 1 : 0;
  if (!world.success()) ++tally.failures[world.diverged() ? "diverged" : world.judge().FailureLabel()];
}

nlohmann::ordered_json RowOf(const Tally& tally, double cpu_s) {
  const auto n = static_cast<double>(tally.episodes), successes = static_cast<double>(tally.successes_end);
  const auto interval = heddle::stats::WilsonInterval(successes, n);
  return {{"episodes", tally.episodes},
          {"successes_any", tally.successes_any},
          {"successes_end", tally.successes_end},
          {"rate", successes / n},
          {"rate_low", interval.low},
          {"rate_high", interval.high},
          {"mean_steps", static_cast<double>(tally.steps) / n},
          {"failures", tally.failures},
          {"steps_per_cpu_s", static_cast<double>(tally.steps) / cpu_s}};
}

void Run(const std::string& strategy, const std::string& gap, const std::string& nuts, uint64_t episodes) {
  const auto task = heddle::sim::MakeTask(kTask);
  heddle::SetByPath(task->Options(), "nuts=" + nuts);
  const heddle::sim::Gap resolved = heddle::sim::ParseGap(gap).gap;
  const auto body = heddle::sim::MakeEmbodiment(resolved.embodiment);
  World world(*task, resolved, body->facts().usual_mode);
  Tally tally;
  const std::clock_t start = std::clock();
  for (uint64_t seed = 0; seed < episodes; ++seed) Play(world, strategy, seed, tally);
  const double cpu_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  nlohmann::ordered_json row = {{"strategy", strategy}, {"gap", gap}, {"nuts", nuts}};
  row.update(RowOf(tally, cpu_s));
  std::puts(row.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: sim_experts STRATEGY GAP NUTS EPISODES\n", stderr);
    return 2;
  }
  try {
    Run(argv[1], argv[2], argv[3], std::stoull(argv[4]));
  } catch (const heddle::Error& error) {
    std::fprintf(stderr, "sim_experts: %s\n", error.what());
    return error.exit_code();
  }
  return 0;
}
