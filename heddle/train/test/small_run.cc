#include "heddle/train/test/small_run.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "heddle/core/random.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::train {
namespace {

struct Body {
  std::string name, embodiment, kind, representation;
  int episodes;
  double aside;  // of the perceived goal
  bool acts;
};

const std::vector<Body>& Bodies() {
  static const std::vector<Body> bodies = {{"real", "point", "robot", "ee_delta", 6, 0, true},
                                           {"sim", "point", "simulation", "ee_delta", 10, .2, true},
                                           {"hand", "hand", "human", "wrist_absolute", 6, 0, true},
                                           {"video", "point", "web", "", 5, 0, false}};
  return bodies;
}

data::Image PictureAt(double x, double y) {
  data::Image image{.height = 36, .width = 36, .channels = 3, .pixels = std::vector<uint8_t>(36 * 36 * 3, 30)};
  const auto at = [](double v) { return std::clamp<int64_t>(std::llround((v + 2) * 9), 0, 35); };
  for (size_t c = 0; c < 3; ++c) image.pixels[static_cast<size_t>((at(y) * 36 + at(x)) * 3) + c] = 250;
  return image;
}

std::vector<mixture::SmallFrame> Episode(const Body& body, bool pictures, RandomStream random) {
  double x = random.Normal() / 2, y = random.Normal() / 2;
  const double goal_x = random.Normal() / 2, goal_y = random.Normal() / 2;
  std::vector<mixture::SmallFrame> frames;
  for (int step = 0; step < 14; ++step) {
    const double dx = (goal_x - x) / 4, dy = (goal_y - y) / 4;
    mixture::SmallFrame frame;
    const auto number = [](double v) { return static_cast<float>(v); };
    if (body.embodiment == "hand") {
      frame.numbers["observation.state"] = {number(x), number(y), number(step / 14.)};
    } else {
      frame.numbers["observation.state"] = {number(x), number(y)};
    }
    frame.numbers["observation.goal"] = {number(goal_x + body.aside), number(goal_y)};
    if (body.acts && body.embodiment == "hand") frame.numbers["action"] = {number(x + dx), number(y + dy), 1};
    if (body.acts && body.embodiment == "point") frame.numbers["action"] = {number(dx), number(dy)};
    if (pictures) frame.images["observation.images.top"] = PictureAt(x, y);
    frames.push_back(std::move(frame));
    x += dx, y += dy;
  }
  return frames;
}

void WriteDataset(const std::filesystem::path& folder, const Body& body, bool pictures) {
  const RandomStream random(11, body.name);
  std::vector<std::vector<mixture::SmallFrame>> episodes;
  for (int i = 0; i < body.episodes; ++i)
    episodes.push_back(Episode(body, pictures, random.Split(static_cast<uint64_t>(i))));
  const bool hand = body.embodiment == "hand";
  std::map<std::string, std::vector<std::string>> names = {
      {"observation.state", hand ? std::vector<std::string>{"x", "y", "phase"} : std::vector<std::string>{"x", "y"}},
      {"observation.goal", {"goal_x", "goal_y"}}};
  if (body.acts)
    names["action"] = hand ? std::vector<std::string>{"x", "y", "grip"} : std::vector<std::string>{"dx", "dy"};
  mixture::WriteSmallDataset(folder / body.name, 10, "move the point", names, episodes);
}

}  // namespace

std::filesystem::path WriteSmallMixture(const std::filesystem::path& folder, int sources, bool pictures) {
  const std::filesystem::path file = folder / "mixture.yaml";
  std::ofstream sheet(file);
  sheet << "target: real\nuse: research\nsources:\n";
  for (int i = 0; i < sources; ++i) {
    const Body& body = Bodies()[static_cast<size_t>(i)];
    WriteDataset(folder, body, pictures);
    sheet << "  - name: " << body.name << "\n    dataset: " << body.name << "\n    kind: " << body.kind
          << "\n    embodiment: " << body.embodiment << "\n    license: own\n";
    if (body.acts) sheet << "    action_representation: " << body.representation << "\n";
  }
  return file;
}

RunFile SmallRun(const std::filesystem::path& sheet, const std::string& method, std::vector<std::string> settings) {
  const std::vector<std::string> small = {"w=0.3",
                                          "steps=30",
                                          "batch_size=16",
                                          "data.action_steps=4",
                                          "data.execute=2",
                                          "data.numbers=[observation.state, observation.goal]",
                                          "policy.trunk.width=32",
                                          "policy.head.width=32",
                                          "policy.head.noise_steps=20",
                                          "policy.head.sampler_steps=4",
                                          "policy.camera.channels=8",
                                          "learning_rate.warmup_steps=5",
                                          "log.every=5",
                                          "log.validate_every=15",
                                          "log.gradients_every=10",
                                          "log.checkpoint_every=10",
                                          "log.holdout_windows=16"};
  settings.insert(settings.begin(), small.begin(), small.end());
  return ReadRun(sheet, method, settings);
}

}  // namespace heddle::train
