#include "heddle/mixture/action_conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/mixture/bound_source.h"
#include "heddle/mixture/row_store.h"
#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

using Matrix = std::array<std::array<double, 3>, 3>;

// Rodrigues' formula: I + sin(a) K + (1 - cos(a)) K^2, another way to the same rotation.
Matrix Rodrigues(const Vec3& v) {
  const double angle = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  const Vec3 k = angle == 0 ? Vec3{1, 0, 0} : Vec3{v[0] / angle, v[1] / angle, v[2] / angle};
  const Matrix cross = {{{0, -k[2], k[1]}, {k[2], 0, -k[0]}, {-k[1], k[0], 0}}};
  Matrix sum{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      double square = 0;
      for (size_t l = 0; l < 3; ++l) square += cross[i][l] * cross[l][j];
      sum[i][j] = (i == j ? 1 : 0) + std::sin(angle) * cross[i][j] + (1 - std::cos(angle)) * square;
    }
  }
  return sum;
}

Matrix Product(const Matrix& a, const Matrix& b) {
  Matrix product{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      for (size_t l = 0; l < 3; ++l) product[i][j] += a[i][l] * b[l][j];
    }
  }
  return product;
}

Vec3 RandomVector(RandomStream& random, double most) {
  Vec3 v;
  for (double& value : v) value = most * (2 * random.Uniform() - 1);
  return v;
}

Slot One(const std::string& name, Meaning meaning = Meaning::kAbsolute) { return {name, 1, meaning}; }

NumericLayout LayoutFor(const PoseForm& form) {
  NumericLayout layout{"pose", {}};
  for (const std::string& name : form.Names()) layout.slots.push_back(One(name));
  return layout;
}

// With a gripper behind the pose.
ActionConversion Conversion(const PoseForm& from, const PoseForm& to) {
  ActionConversion conversion;
  conversion.from = from;
  conversion.to = to;
  conversion.pose = {false, 3, RotationForm::kQuaternion};
  conversion.position_scale = 0.05;
  conversion.rotation_scale = 0.5;
  conversion.actions = LayoutFor(from);
  conversion.actions.slots.push_back(One("grip", Meaning::kHeld));
  conversion.poses = LayoutFor(conversion.pose);
  for (int64_t i = 0; i <= to.size(); ++i) conversion.order.push_back(i);
  return conversion;
}

std::vector<float> Convert(const ActionConversion& conversion, const std::vector<float>& actions,
                           const std::vector<float>& states) {
  return ActionsOf(conversion, GoalsOf(conversion, actions, states, "test"), PosesOf(conversion, states, "test"));
}

struct Rows {
  std::vector<float> deltas, states;
  std::vector<Vec3> turns, pose_vectors;
};

Rows RandomRows(size_t count) {
  RandomStream random(7, "conversion");
  Rows rows;
  for (size_t i = 0; i < count; ++i) {
    const Vec3 position = RandomVector(random, 0.5), turned = RandomVector(random, 1.7), move = RandomVector(random, 1);
    const Quat q = FromRotationVector(turned);
    const Vec3 turn = RandomVector(random, 1);
    for (const double value : position) rows.states.push_back(float(value));
    for (const size_t k : {1, 2, 3, 0}) rows.states.push_back(float(q[k]));
    for (const double value : move) rows.deltas.push_back(float(value));
    for (const double value : turn) rows.deltas.push_back(float(value));
    rows.deltas.push_back(float(i % 2));
    rows.turns.push_back(turn);
    rows.pose_vectors.push_back(turned);
  }
  return rows;
}

const PoseForm kDelta = {true, 3, RotationForm::kVector};

TEST(PoseMathTest, RotationVectorsAreWhatRodriguesSays) {
  RandomStream random(3, "pose");
  for (int i = 0; i < 200; ++i) {
    const Vec3 v = RandomVector(random, i < 100 ? 1.8 : 1e-5);
    const Quat q = FromRotationVector(v);
    const Matrix expected = Rodrigues(v);
    const auto columns = Columns(q);
    for (size_t row = 0; row < 3; ++row) {
      EXPECT_NEAR(columns[row], expected[row][0], 1e-12);
      EXPECT_NEAR(columns[3 + row], expected[row][1], 1e-12);
    }
    const Vec3 back = RotationVector(q);
    const Quat again = *FromColumns(columns);
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(back[k], v[k], 1e-12);
      EXPECT_NEAR(RotationVector(again)[k], v[k], 1e-7);
    }
  }
}

TEST(PoseMathTest, EveryRotationComesBackFromItsColumns) {
  // Half turns about each axis and about diagonals: where the trace is -1.
  for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}, Vec3{0.6, 0.8, 0}, Vec3{0, 0.6, -0.8}}) {
    const Quat q = {0, axis[0], axis[1], axis[2]};
    const Quat back = *FromColumns(Columns(q));
    double dot = 0;
    for (size_t i = 0; i < 4; ++i) dot += q[i] * back[i];
    EXPECT_NEAR(std::abs(dot), 1, 1e-12);
  }
  EXPECT_FALSE(FromColumns({1, 0, 0, 2, 0, 0}));
  EXPECT_FALSE(Normalised({0, 0, 0, 0}));
}

TEST(ActionConversionTest, ThereAndBackIsWhatItWas) {
  const Rows rows = RandomRows(50);
  for (const RotationForm rotation : {RotationForm::kVector, RotationForm::kColumns, RotationForm::kQuaternion}) {
    const PoseForm absolute = {false, 3, rotation};
    const std::vector<float> there = Convert(Conversion(kDelta, absolute), rows.deltas, rows.states);
    EXPECT_EQ(there.size(), 50 * size_t(absolute.size() + 1));
    const std::vector<float> back = Convert(Conversion(absolute, kDelta), there, rows.states);
    ASSERT_EQ(back.size(), rows.deltas.size());
    for (size_t i = 0; i < back.size(); ++i) EXPECT_NEAR(back[i], rows.deltas[i], 2e-5) << i;
  }
}

TEST(ActionConversionTest, DeltasAreSharesInTheBasesFrame) {
  const Rows rows = RandomRows(20);
  const PoseForm columns = {false, 3, RotationForm::kColumns};
  const std::vector<float> goals = Convert(Conversion(kDelta, columns), rows.deltas, rows.states);
  for (size_t i = 0; i < 20; ++i) {
    Vec3 turn = rows.turns[i];
    for (double& value : turn) value *= 0.5;
    const Matrix expected = Product(Rodrigues(turn), Rodrigues(rows.pose_vectors[i]));
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(goals[i * 10 + k], rows.states[i * 7 + k] + 0.05 * rows.deltas[i * 7 + k], 1e-6);
      EXPECT_NEAR(goals[i * 10 + 3 + k], expected[k][0], 1e-6);
      EXPECT_NEAR(goals[i * 10 + 6 + k], expected[k][1], 1e-6);
    }
    EXPECT_EQ(goals[i * 10 + 9], rows.deltas[i * 7 + 6]);
  }
}

TEST(ActionConversionTest, AToolLeadsFromTheWristToTheEndEffector) {
  // The wrist is turned a quarter about z; the end effector is 0.1 m along its x.
  const double half = std::numbers::pi / 4;
  ActionConversion conversion =
      Conversion({false, 3, RotationForm::kQuaternion}, {false, 3, RotationForm::kQuaternion});
  conversion.tool = RigidPose{{0.1, 0, 0}, {1, 0, 0, 0}};
  const auto s = float(std::sin(half)), c = float(std::cos(half));
  const std::vector<float> action = {1, 2, 3, 0, 0, s, c, 1}, state = {0, 0, 0, 0, 0, 0, 1};
  const std::vector<float> converted = Convert(conversion, action, state);
  const std::vector<double> expected = {1, 2.1, 3, 0, 0, s, c, 1};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(converted[i], expected[i], 1e-6) << i;
}

TEST(ActionConversionTest, APlaneNeedsNoRotation) {
  ActionConversion conversion = Conversion({false, 2, RotationForm::kNone}, {true, 2, RotationForm::kNone});
  conversion.pose = {false, 2, RotationForm::kNone};
  conversion.poses = LayoutFor(conversion.pose);
  const std::vector<float> deltas = Convert(conversion, {1, 2, 0}, {0.5, 1});
  EXPECT_NEAR(deltas[0], 10, 1e-5);
  EXPECT_NEAR(deltas[1], 20, 1e-5);
}

TEST(ActionConversionTest, ARotationOfZerosIsToldWithItsFrame) {
  const ActionConversion conversion = Conversion(kDelta, {false, 3, RotationForm::kVector});
  std::vector<float> states = {0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  try {
    GoalsOf(conversion, std::vector<float>(14), states, "source s, episode 4");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("source s, episode 4, frame 1: the rotation of the state is none"));
  }
}

// A robot that was recorded with deltas at 20 frames/s, and one with absolute poses at 20 and at 10.
class ConvertedSourcesTest : public testing::Test {
 protected:
  static constexpr int kFrames = 21;
  static void SetUpTestSuite() {
    root_ = fs::temp_directory_path() / ("heddle_convert_" + std::to_string(getpid()));
    Record("deltas", true, 20, 1);
    Record("poses", false, 20, 1);
    Record("slow_poses", false, 10, 2);
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static void Record(const std::string& name, bool deltas, double fps, int every) {
    std::vector<std::vector<SmallFrame>> episodes(3);
    for (int episode = 0; episode < 3; ++episode) {
      for (int frame = 0; frame < kFrames; frame += every) {
        const double t = frame / 20.0 + episode;
        const Vec3 turned = {0.2 * t, 0.1, -0.1 * t}, turn = {0.1, 0.2 * std::sin(t), 0};
        const Vec3 place = {t, 0.5 * t, 1};
        SmallFrame values;
        const Quat q = FromRotationVector(turned);
        for (const double value : place) values.numbers["observation.state"].push_back(float(value));
        for (const size_t k : {1, 2, 3, 0}) values.numbers["observation.state"].push_back(float(q[k]));
        std::vector<float>& action = values.numbers["action"];
        if (deltas) {
          action = {0.2f, float(std::cos(t)), 0, float(turn[0] / 0.5), float(turn[1] / 0.5), 0, 1};
        } else {
          // grip first, so that the order matters.
          const Vec3 goal = RotationVector(Times(FromRotationVector(turn), q));
          action = {1,
                    float(t + 0.01),
                    float(0.5 * t + 0.05 * std::cos(t)),
                    1,
                    float(goal[0]),
                    float(goal[1]),
                    float(goal[2])};
        }
        episodes[size_t(episode)].push_back(values);
      }
    }
    const std::vector<std::string> delta_names = {"dx", "dy", "dz", "drx", "dry", "drz", "grip"};
    const std::vector<std::string> pose_names = {"grip", "x", "y", "z", "rx", "ry", "rz"};
    WriteSmallDataset(
        root_ / name, fps, "move",
        {{"observation.state", {"x", "y", "z", "qx", "qy", "qz", "qw"}}, {"action", deltas ? delta_names : pose_names}},
        episodes);
  }

  // The rows of the only action of source i, episode 0.
  static std::vector<float> Rows(const BoundSheet& bound, size_t i) {
    const Vocabulary vocabulary(bound.mixture.sources);
    const BoundSource source(bound.mixture.sources[i], bound.mixture.layout);
    return ReadEpisodeRows(source, bound.mixture.layout, vocabulary, 0).values.back();
  }
  static BoundSheet Bind(const std::string& text) {
    return BindSheet(Sheet::Parse(text, "mixture.yaml", root_), {.numbers = {"observation.state"}});
  }
  static std::string ErrorOf(const std::string& text) {
    try {
      Bind(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  static std::string Two(const std::string& first, const std::string& first_map, const std::string& second,
                         const std::string& second_map) {
    const auto line = [](const std::string& dataset, const std::string& map) {
      return "  - {name: " + dataset + ", dataset: " + dataset + ", kind: robot, embodiment: arm" + map +
             ", action_representation: " + (dataset == "deltas" ? "ee_delta" : "ee_absolute") + "}\n";
    };
    return "target: " + first + "\nsources:\n" + line(first, first_map) + line(second, second_map);
  }

  static fs::path root_;
};
fs::path ConvertedSourcesTest::root_;

const char* const kToPoses = ", map: {action: {convert: ee_absolute, position_scale: 0.05, rotation_scale: 0.5}}";
const char* const kToDeltas = ", map: {action: {convert: ee_delta, position_scale: 0.05, rotation_scale: 0.5}}";

TEST_F(ConvertedSourcesTest, TheSameActionsComeOutOfBothRecordings) {
  for (const auto& [text, names] : {std::pair(Two("poses", "", "deltas", kToPoses), "grip x y z rx ry rz"),
                                    std::pair(Two("deltas", "", "poses", kToDeltas), "dx dy dz drx dry drz grip"),
                                    std::pair(Two("deltas", kToPoses, "poses", ""), "x y z rx ry rz grip")}) {
    const BoundSheet bound = Bind(text);
    ASSERT_EQ(bound.features.size(), 2u);
    std::string joined;
    for (const std::string& name : bound.features[1].dimension_names) joined += (joined.empty() ? "" : " ") + name;
    EXPECT_EQ(joined, names);
    const std::vector<float> first = Rows(bound, 0), second = Rows(bound, 1);
    ASSERT_EQ(first.size(), size_t(7 * kFrames));
    for (size_t i = 0; i < first.size(); ++i) EXPECT_NEAR(first[i], second[i], 2e-5) << i;
  }
}

TEST_F(ConvertedSourcesTest, AtAnotherRateGoalsAreResampledOnTheSphere) {
  // Rotation vectors alone can't be resampled; as columns they can, on the way there.
  EXPECT_THAT(ErrorOf(Two("deltas", "", "slow_poses", "")), HasSubstr("do not mix"));
  const std::string columns =
      ", map: {action: {convert: ee_absolute, position_scale: 0.05, rotation_scale: 0.5, rotation: columns}}";
  std::string text = Two("deltas", columns, "deltas", columns);
  text.replace(text.rfind("name: deltas"), 12, "name: again");
  const BoundSheet bound = Bind("control_hz: 10\n" + text), native = Bind(text);
  const std::vector<float> slow = Rows(bound, 0), fast = Rows(native, 0);
  ASSERT_EQ(slow.size(), size_t(10 * 11));
  for (size_t frame = 0; frame < 11; ++frame) {
    for (size_t i = 0; i < 10; ++i) EXPECT_NEAR(slow[frame * 10 + i], fast[2 * frame * 10 + i], 1e-6);
  }
}

TEST_F(ConvertedSourcesTest, StatisticsAreOfConvertedActions) {
  const BoundSheet bound = Bind(Two("poses", "", "deltas", kToPoses));
  const contract::FeatureStatistics& action = bound.statistics.at("action@arm.ee_absolute");
  EXPECT_EQ(action.count, 2 * kFrames);
  EXPECT_NEAR(action.min[3], 1, 1e-6);  // z stands still
  EXPECT_NEAR(action.max[3], 1, 1e-6);
}

TEST_F(ConvertedSourcesTest, WhatGeometryDoesNotAllowIsRefusedWithTheReason) {
  EXPECT_THAT(
      ErrorOf(Two("deltas", "", "poses", "")),
      HasSubstr("mixture.yaml:4: source poses: actions ee_absolute of arm do not mix with ee_delta, which source "
                "deltas has (convert one: map: {action: {convert: ee_delta}}"));
  EXPECT_THAT(
      ErrorOf(Two("deltas", ", map: {action: {convert: joint_absolute}}", "poses", "")),
      HasSubstr("mixture.yaml:3: source deltas: map.action: ee_delta can't be converted to joint_absolute: joints "
                "and poses are tied by the arm's kinematics"));
  EXPECT_THAT(ErrorOf(Two("deltas", ", map: {action: {convert: wrist_delta}}", "poses", "")),
              HasSubstr("wrist and end effector are apart by a fixed motion, which must be given: tool"));
  EXPECT_THAT(ErrorOf(Two("poses", ", map: {action: {convert: ee_delta, pose: observation.hand}}", "deltas", "")),
              HasSubstr("the dataset has no 'observation.hand' that holds the pose"));
  EXPECT_THAT(ErrorOf(Two("poses", ", map: {action: {convert: ee_delta, rotation: columns}}", "deltas", "")),
              HasSubstr("deltas are rotation vectors"));
  EXPECT_THAT(ErrorOf(Two("poses", ", map: {action: {position_scale: 0.05}}", "deltas", "")),
              HasSubstr("position_scale has no effect without convert"));
  EXPECT_THAT(ErrorOf(Two("poses", ", map: {action: {convert: ee_delta, position_scale: 0}}", "deltas", "")),
              HasSubstr("position_scale must be above 0"));
  const std::string places = "observation.state: {dims: [x, y, z]}}";
  EXPECT_THAT(ErrorOf(Two("poses", ", map: {action: {convert: ee_delta}, " + places, "deltas", ", map: {" + places)),
              HasSubstr("'observation.state' does not hold the pose: it has x, y, z"));
}

}  // namespace
}  // namespace heddle::mixture
