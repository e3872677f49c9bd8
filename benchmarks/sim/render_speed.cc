// Pictures a second of one thread, and where the time goes.
//
//   sim_render_speed [PICTURES] [SIDE]      (300, 84)
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "heddle/core/clock.h"
#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/sim/renderer.h"
#include "heddle/sim/sensor.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/world.h"

namespace heddle::sim {
namespace {

// Milliseconds of one: the median, as other work on the machine only ever adds.
double Median_ms(int64_t times, const std::function<void()>& work) {
  std::vector<double> taken_ms;
  for (int64_t i = 0; i < times; ++i) {
    const double before_s = SteadyClock().NowSeconds();
    work();
    taken_ms.push_back(1e3 * (SteadyClock().NowSeconds() - before_s));
  }
  std::nth_element(taken_ms.begin(), taken_ms.begin() + times / 2, taken_ms.end());
  return taken_ms[static_cast<size_t>(times / 2)];
}

void Say(const std::string& what, double ms) {
  std::cout << what << ": " << FormatDouble(std::round(1e3 * ms) / 1e3) << " ms, " << std::lround(1e3 / ms)
            << " a second\n";
}

void Measure(int64_t times, int64_t side) {
  const auto task = MakeTask("nut_assembly");
  World world(*task, {}, ActionMode::kDelta);
  Renderer renderer(world.model());
  std::cout << Describe(renderer.facts()) << "\n" << side << " x " << side << ", ";
  data::Image image{.height = side, .width = side, .channels = 3, .pixels = {}};
  renderer.Update(world.data());
  std::cout << renderer.num_faces() << " triangles\n";
  renderer.Draw("agentview", image);
  Say("taking over where things are", Median_ms(times, [&] { renderer.Update(world.data()); }));
  Say("one camera", Median_ms(times, [&] {
        renderer.Update(world.data());
        renderer.Draw("agentview", image);
      }));
  Say("two cameras", Median_ms(times, [&] {
        renderer.Update(world.data());
        renderer.Draw("agentview", image);
        renderer.Draw("eye_in_hand", image);
      }));
  Say("depth", Median_ms(times, [&] { renderer.Depth("agentview", side, side); }));
  Sensor sensor(ParseGap("visual").gap.visual);
  Say("all that a sensor does to a picture",
      Median_ms(times, [&] { sensor.Apply(image, SensorNoise(0, "agentview", 0)); }));
  Say("a control step", Median_ms(times, [&] { world.Step(world.IdleAction()); }));
  Say("a control step with two cameras", Median_ms(times, [&] {
        world.Step(world.IdleAction());
        renderer.Update(world.data());
        renderer.Draw("agentview", image);
        renderer.Draw("eye_in_hand", image);
      }));
}

}  // namespace
}  // namespace heddle::sim

int main(int argc, char** argv) {
  try {
    heddle::sim::Measure(argc > 1 ? std::max(1L, std::atol(argv[1])) : 300, argc > 2 ? std::atol(argv[2]) : 84);
    return 0;
  } catch (const heddle::Error& error) {
    std::cerr << "sim_render_speed: " << error.what() << "\n";
    return error.exit_code();
  }
}
