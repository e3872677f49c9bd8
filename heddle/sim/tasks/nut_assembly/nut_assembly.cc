#include "heddle/sim/tasks/nut_assembly/nut_assembly.h"

#include <cmath>
#include <numbers>

#include "heddle/sim/scene.h"
#include "heddle/sim/tasks/nut_assembly/expert.h"
#include "heddle/sim/tasks/nut_assembly/judge.h"

namespace heddle::sim::nut_assembly {
namespace {

constexpr int64_t kHorizon = 400;  // control steps a nut
constexpr double kResetXLow_m = -0.115, kResetXHigh_m = -0.11;
// The nut is let fall from here.
constexpr double kResetZ_m = 0.89;

class NutAssembly final : public Task {
 public:
  TaskFacts facts() const override {
    return {.name = "nut_assembly",
            .about = "Grasp a nut by its handle and put it on the peg of its shape.",
            .cameras = {"agentview"},
            .stages = {"reach", "grasp", "carry", "insert", "release"},
            .strategies = StrategyNames(),
            .failure_labels = FailureLabels(),
            .horizon = options_.nuts == Nuts::kBoth ? 2 * kHorizon : kHorizon,
            .control_hz = 20};
  }

  OptionTree Options() override { return OptionTree::Of("nut_assembly", options_); }

  std::string instruction() const override {
    switch (options_.nuts) {
      case Nuts::kSquare: return "put the square nut on the square peg";
      case Nuts::kRound: return "put the round nut on the round peg";
      case Nuts::kBoth: break;
    }
    return "put each nut on the peg of its shape";
  }

  std::vector<std::string> SceneFiles() const override {
    std::vector<std::string> files = {"pegs.xml"};
    for (const Assembly& assembly : AssembliesOf(options_.nuts)) files.push_back(assembly.nut + ".xml");
    return files;
  }

  std::vector<SceneObject> Objects() const override {
    std::vector<SceneObject> objects;
    for (const Assembly& assembly : AssembliesOf(options_.nuts)) {
      objects.push_back(
          {.name = assembly.nut, .movable = true, .label = assembly.turns_freely ? "round nut" : "square nut"});
      objects.push_back(
          {.name = assembly.peg, .movable = false, .label = assembly.turns_freely ? "round peg" : "square peg"});
    }
    return objects;
  }

  void Place(const mjModel& model, mjData& data, RandomStream random) const override {
    for (const Assembly& assembly : AssembliesOf(options_.nuts)) {
      RandomStream stream = random.Split(assembly.nut);
      const double x = kResetXLow_m + (kResetXHigh_m - kResetXLow_m) * stream.Uniform();
      const double y = assembly.reset_y_low_m + (assembly.reset_y_high_m - assembly.reset_y_low_m) * stream.Uniform();
      const Quat q = AboutZ(2 * std::numbers::pi * stream.Uniform());
      double* pose = data.qpos + model.jnt_qposadr[IdOf(model, mjOBJ_JOINT, assembly.nut)];
      const std::array<double, 7> values = {x, y, kResetZ_m, q[0], q[1], q[2], q[3]};
      mju_copy(pose, values.data(), 7);
    }
  }

  std::unique_ptr<Judge> NewJudge(const mjModel& model, const Embodiment& embodiment) const override {
    return MakeJudge(AssembliesOf(options_.nuts), model, embodiment);
  }

  std::unique_ptr<Expert> NewExpert(const std::string& strategy) const override {
    return MakeExpert(AssembliesOf(options_.nuts), strategy);
  }

 private:
  NutAssemblyOptions options_;
};

}  // namespace

std::vector<Assembly> AssembliesOf(Nuts nuts) {
  const Assembly square = {.nut = "square_nut",
                           .peg = "square_peg",
                           .turns_freely = false,
                           .handle_m = 0.054,
                           .reset_y_low_m = 0.11,
                           .reset_y_high_m = 0.225};
  const Assembly round = {.nut = "round_nut",
                          .peg = "round_peg",
                          .turns_freely = true,
                          .handle_m = 0.06,
                          .reset_y_low_m = -0.225,
                          .reset_y_high_m = -0.11};
  if (nuts == Nuts::kSquare) return {square};
  if (nuts == Nuts::kRound) return {round};
  return {square, round};
}

bool IsSeated(const Pose& nut, const Pose& peg) {
  const Vec3 off = nut.position_m - peg.position_m;
  return std::abs(off[0]) < kOnPeg_m && std::abs(off[1]) < kOnPeg_m && nut.position_m[2] < kTableTop_m + kSeatedBelow_m;
}

std::unique_ptr<Task> MakeTask() { return std::make_unique<NutAssembly>(); }

}  // namespace heddle::sim::nut_assembly
