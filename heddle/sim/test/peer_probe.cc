// What the comparison with robosuite asks of us: reads lines of numbers, answers lines of numbers.
//
//   peer_probe dynamics     each line 7 angles and 7 velocities; answers the hand's position (3) and rotation matrix
//                           (9), the arm's mass matrix (49) and its bias forces (7)
//   peer_probe replay       first line the 16 positions of arm, fingers and square nut, each further one an action;
//                           answers the hand's position after each
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/sim/scene.h"
#include "heddle/sim/world_spec.h"

namespace heddle::sim {
namespace {

constexpr int kArm = 7;

std::vector<double> Numbers(const std::string& line) {
  std::istringstream in(line);
  std::vector<double> values;
  for (double value; in >> value;) values.push_back(value);
  return values;
}

void Print(const double* values, int count) {
  for (int i = 0; i < count; ++i) std::cout << values[i] << ' ';
}

void AnswerDynamics(const World& world) {
  const mjModel& model = world.model();
  const DataHandle data(mj_makeData(&model));
  const int hand = IdOf(model, mjOBJ_SITE, "end_effector");
  std::vector<double> mass(static_cast<size_t>(model.nv * model.nv));
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<double> state = Numbers(line);
    mju_copy(data->qpos, state.data(), kArm);
    mju_copy(data->qvel, state.data() + kArm, kArm);
    mj_forward(&model, data.get());
    mj_fullM(&model, data.get(), mass.data());
    Print(data->site_xpos + 3 * hand, 3);
    Print(data->site_xmat + 9 * hand, 9);
    for (int row = 0; row < kArm; ++row) Print(mass.data() + row * model.nv, kArm);
    Print(data->qfrc_bias, kArm);
    std::cout << "\n";
  }
}

void AnswerReplay(World& world) {
  std::string line;
  std::getline(std::cin, line);
  world.Reset(0, Numbers(line));
  while (std::getline(std::cin, line)) {
    world.Step(Numbers(line));
    Print(world.HandPose().position_m.data(), 3);
    std::cout << "\n";
  }
}

int Main(const std::vector<std::string>& words) {
  std::cout.precision(17);
  const WorldKind kind = WorldKind::Of({});
  World world = kind.NewWorld();
  if (words.size() == 1 && words[0] == "dynamics") return AnswerDynamics(world), 0;
  if (words.size() == 1 && words[0] == "replay") return AnswerReplay(world), 0;
  std::cerr << "peer_probe dynamics | replay\n";
  return 2;
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
