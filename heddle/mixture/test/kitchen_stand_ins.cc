#include "heddle/mixture/test/kitchen_stand_ins.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "heddle/data/dataset.h"
#include "heddle/data/dataset_writer.h"
#include "heddle/data/labels/label_edit.h"
#include "heddle/mixture/pose_math.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<double>;

constexpr int64_t kSide = 32;
constexpr int kFrames = 30;
const std::vector<std::string> kFamilies = {"clear_table", "load_dishwasher", "wipe_counter"};

struct StandIn {
  std::string name, robot, camera;
  double fps = 20;
  int episodes = 6;
  std::vector<std::string> state_names = {}, action_names = {};       // none: pictures only
  std::function<Values(double t)> state = {}, action = {};            // t in s, an episode begins at its number
  std::function<std::string(int episode)> family = {}, kitchen = {};  // labels
};

struct Hand {
  Vec3 place;
  Quat turn;
};

Hand HandAt(double t) {
  return {{0.5 + 0.1 * std::sin(t), 0.2 * std::cos(0.7 * t), 0.9 + 0.05 * std::sin(1.3 * t)},
          FromRotationVector({0.3 * std::sin(t), 0.2, 0.4 * std::cos(t)})};
}

// What is commanded: where the hand will be a little later, and how fast the base goes.
Hand GoalAt(double t) { return HandAt(t + 0.1); }
Values BaseAt(double t) { return {0.2 * std::sin(0.3 * t), 0, 0.1 * std::cos(0.5 * t)}; }
double GripAt(double t) { return std::sin(2 * t) > 0 ? 1 : 0; }

void Append(Values& to, const Values& more) { to.insert(to.end(), more.begin(), more.end()); }

Values RobotState(double t) {
  const Hand hand = HandAt(t);
  Values state(hand.place.begin(), hand.place.end());
  Append(state, {hand.turn[1], hand.turn[2], hand.turn[3], hand.turn[0], GripAt(t)});
  return state;
}

Values RobotDelta(double t) {
  const Hand now = HandAt(t), goal = GoalAt(t);
  Values action;
  for (size_t i = 0; i < 3; ++i) action.push_back((goal.place[i] - now.place[i]) / 0.05);
  for (const double value : RotationVector(Times(goal.turn, Conjugate(now.turn)))) action.push_back(value / 0.5);
  action.push_back(GripAt(t));
  Append(action, BaseAt(t));
  return action;
}

Values RobotGoal(double t) {
  const Hand goal = GoalAt(t);
  Values action(goal.place.begin(), goal.place.end());
  for (const double value : RotationVector(goal.turn)) action.push_back(value);
  action.push_back(GripAt(t));
  Append(action, BaseAt(t));
  return action;
}

Values Wrist(const Hand& hand, double t) {
  Values values(hand.place.begin(), hand.place.end());
  for (const double value : Columns(hand.turn)) values.push_back(value);
  Append(values, {GripAt(t), 0.5 + 0.5 * std::sin(t)});
  return values;
}

std::string FamilyOf(int episode) { return kFamilies[static_cast<size_t>(episode) % kFamilies.size()]; }

using Names = std::vector<std::string>;
const Names kPose = {"x", "y", "z", "qx", "qy", "qz", "qw", "grip"};
const Names kWrist = {"x", "y", "z", "r11", "r21", "r31", "r12", "r22", "r32", "thumb", "fingers"};

// Its last two episodes are of a family that no other dataset has, the two before in another kitchen.
StandIn Robot() {
  StandIn robot{.name = "robot", .robot = "mobile_manipulator", .camera = "head", .fps = 20, .episodes = 10};
  robot.state_names = kPose;
  robot.action_names = {"dx", "dy", "dz", "drx", "dry", "drz", "grip", "base_vel_x", "base_vel_y", "base_vel_yaw"};
  robot.state = RobotState;
  robot.action = RobotDelta;
  robot.family = [](int episode) { return episode < 8 ? FamilyOf(episode) : "put_away_groceries"; };
  robot.kitchen = [](int episode) { return episode == 6 || episode == 7 ? "other" : "own"; };
  return robot;
}

StandIn Simulation() {
  StandIn simulation{.name = "simulation", .robot = "mobile_manipulator", .camera = "head", .fps = 20, .episodes = 10};
  simulation.state_names = kPose;
  simulation.action_names = {"x", "y", "z", "rx", "ry", "rz", "grip", "base_vel_x", "base_vel_y", "base_vel_yaw"};
  simulation.state = RobotState;
  simulation.action = RobotGoal;
  simulation.family = FamilyOf;
  return simulation;
}

StandIn Hands() {
  StandIn hands{.name = "hands", .robot = "", .camera = "ego", .fps = 30, .episodes = 6};
  hands.state_names = hands.action_names = kWrist;
  hands.state = [](double t) { return Wrist(HandAt(t), t); };
  hands.action = [](double t) { return Wrist(GoalAt(t), t); };
  return hands;
}

StandIn Web() { return {.name = "web", .robot = "", .camera = "clip", .fps = 15, .episodes = 6}; }

StandIn OtherArm() {
  StandIn arm{.name = "other_arm", .robot = "fixed_arm", .camera = "side", .fps = 10, .episodes = 6};
  arm.state_names = {"j1_deg", "j2_deg", "j3_deg", "gripper_open"};
  arm.action_names = {"joint1", "joint2", "joint3", "gripper"};
  arm.state = [](double t) { return Values{60 * std::sin(t), 30 * std::cos(t), 10 * t, GripAt(t)}; };
  arm.action = [](double t) { return Values{std::sin(t + 0.1), 0.5 * std::cos(t + 0.1), 0.2 * t, GripAt(t)}; };
  return arm;
}

contract::Array Floats(const Values& values) {
  const std::vector<float> floats(values.begin(), values.end());
  return contract::Array::Of<float>(floats, {static_cast<int64_t>(floats.size())});
}

// A disc that goes with the hand, before a wall whose colour tells the dataset.
data::Image Picture(double t, size_t seed) {
  data::Image image{kSide, kSide, 3, {}};
  const double x = 16 + 10 * std::sin(t), y = 16 + 8 * std::cos(0.7 * t);
  for (int64_t row = 0; row < kSide; ++row) {
    for (int64_t column = 0; column < kSide; ++column) {
      const bool disc = std::hypot(static_cast<double>(column) - x, static_cast<double>(row) - y) < 5;
      for (size_t c = 0; c < 3; ++c) {
        image.pixels.push_back(disc ? uint8_t{230} : static_cast<uint8_t>(40 * ((seed + c) % 5) + row));
      }
    }
  }
  return image;
}

data::WriterOptions OptionsOf(const StandIn& stand_in) {
  data::WriterOptions options;
  options.fps = stand_in.fps;
  options.robot_type = stand_in.robot;
  const auto add = [&](const char* name, const std::vector<std::string>& names) {
    if (names.empty()) return;
    options.features[name] = data::NumberFeature(contract::DType::kF32, {static_cast<int64_t>(names.size())}, names);
  };
  add("observation.state", stand_in.state_names);
  add("action", stand_in.action_names);
  options.features["observation.images." + stand_in.camera] = data::ImageFeature(kSide, kSide);
  return options;
}

void Label(const StandIn& stand_in, const fs::path& folder) {
  data::LabelEdit edit;
  const auto add = [&](int episode, const std::string& key, const std::string& value) {
    edit.add.push_back({{episode, 0, -1, data::LabelLevel::kEpisode, key, value, "stand-in", ""}, "stand-in"});
  };
  for (int episode = 0; episode < stand_in.episodes; ++episode) {
    if (stand_in.family) add(episode, "task_family", stand_in.family(episode));
    if (stand_in.kitchen) add(episode, "kitchen", stand_in.kitchen(episode));
  }
  if (!edit.add.empty()) data::EditLabels(data::Dataset::Open(folder.string()), edit);
}

void Write(const StandIn& stand_in, const fs::path& folder, size_t seed) {
  data::DatasetWriter writer = data::DatasetWriter::Create(folder, OptionsOf(stand_in));
  for (int episode = 0; episode < stand_in.episodes; ++episode) {
    for (int frame = 0; frame < kFrames; ++frame) {
      const double t = episode + static_cast<double>(frame) / stand_in.fps;
      data::FrameValues values;
      if (stand_in.state) values.numbers["observation.state"] = Floats(stand_in.state(t));
      if (stand_in.action) values.numbers["action"] = Floats(stand_in.action(t));
      values.images["observation.images." + stand_in.camera] = Picture(t, seed);
      values.task = stand_in.family ? stand_in.family(episode) : stand_in.name == "web" ? "" : "tidy the kitchen";
      writer.AddFrame(values);
    }
    writer.SaveEpisode();
  }
  Label(stand_in, folder);
}

}  // namespace

void WriteKitchenStandIns(const fs::path& folder) {
  size_t seed = 0;
  for (const StandIn& stand_in : {Robot(), Simulation(), Hands(), Web(), OtherArm()}) {
    const fs::path to = folder / stand_in.name;
    ++seed;
    if (!fs::exists(to)) Write(stand_in, to, seed);
  }
}

}  // namespace heddle::mixture
