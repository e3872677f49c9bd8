// A gap: how the world in which a policy acts differs from the one in which the surrogate was recorded.
//
// Written as axes joined by '+', each with an optional strength: "none", "visual", "physics:0.5",
// "perception+physics", "visual.light:0.3", "embodiment"; "visual-physics" is short for "visual+physics"; or the path
// of a gap file: YAML with the fields of Gap, all that is not named being as in the world without a gap. An axis of
// strength s lies s of the way from the world without a gap to that axis at full strength; s is in 0 .. 1.5.
//
// A gap is fixed: the same in every episode. Only noise (of the perceived poses, of the pictures) is drawn anew each
// step, from the episode's seed.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace heddle::sim {

struct VisualGap {
  double texture = 0;
  double light_intensity = 1, light_warmth = 0, light_turn_deg = 0;
  double camera_shift_m = 0, camera_turn_deg = 0, camera_fovy = 1;
  double channels = 0;
  double background = 0;
  double sensor_noise = 0, sensor_blur_px = 0, sensor_jpeg_loss = 0;

  template <class Visitor>
  void Visit(Visitor& v);
};

struct PhysicsGap {
  double mass = 1, friction = 1, size = 1, damping = 1, controller_kp = 1, gripper_force = 1;
  int64_t action_delay = 0;

  template <class Visitor>
  void Visit(Visitor& v);
};

struct PerceptionGap {
  double bias_m = 0, bias_deg = 0, noise_m = 0, noise_deg = 0;

  template <class Visitor>
  void Visit(Visitor& v);
};

struct Gap {
  VisualGap visual;
  PhysicsGap physics;
  PerceptionGap perception;
  std::string embodiment = "panda";

  template <class Visitor>
  void Visit(Visitor& v);
};

// What was asked for, and what it comes to.
struct NamedGap {
  std::string name = "none";  // axes in their order, each once: "visual+physics:0.5"; of a file: its name without .yaml
  Gap gap;
};

// Usage error for an unknown axis (with the nearest right one), a strength that is none, an axis named twice, "none"
// beside another; kInput or usage, with line, for what is wrong in a file.
NamedGap ParseGap(const std::string& text);

nlohmann::ordered_json GapJson(const Gap& gap);
std::string GapHash(const Gap& gap);

// What may stand between '+', with one line of explanation each: "visual", "visual.light", ...
struct GapAxis {
  std::string name, about;
};
const std::vector<GapAxis>& GapAxes();

template <class Visitor>
void VisualGap::Visit(Visitor& v) {
  v.Field("texture", texture, {.doc = "0: own surfaces, 1: those of another set", .min = 0, .max = 1.5});
  v.Field("light_intensity", light_intensity, {.doc = "factor on all lights", .min = 0.05, .max = 4});
  v.Field("light_warmth", light_warmth, {.doc = "-1 blue .. 1 orange", .min = -1.5, .max = 1.5});
  v.Field("light_turn_deg", light_turn_deg,
          {.doc = "lights turned about the vertical", .unit = "deg", .min = -180, .max = 180});
  v.Field("camera_shift_m", camera_shift_m, {.doc = "how far cameras are moved", .unit = "m", .min = 0, .max = 0.5});
  v.Field("camera_turn_deg", camera_turn_deg,
          {.doc = "how far cameras are turned", .unit = "deg", .min = -45, .max = 45});
  v.Field("camera_fovy", camera_fovy, {.doc = "factor on the field of view", .min = 0.5, .max = 1.8});
  v.Field("channels", channels,
          {.doc = "0: red, green, blue; 1: green, blue, red; between: blended", .min = 0, .max = 1.5});
  v.Field("background", background, {.doc = "0: own floor, wall and sky; 1: others", .min = 0, .max = 1.5});
  v.Field("sensor_noise", sensor_noise,
          {.doc = "deviation of the pixels' noise", .unit = "levels", .min = 0, .max = 64});
  v.Field("sensor_blur_px", sensor_blur_px,
          {.doc = "deviation of a Gaussian blur at 84 pixels' height; grows with the picture",
           .unit = "pixels",
           .min = 0,
           .max = 8});
  v.Field("sensor_jpeg_loss", sensor_jpeg_loss, {.doc = "100 minus a JPEG's quality; 0: no JPEG", .min = 0, .max = 95});
}

template <class Visitor>
void PhysicsGap::Visit(Visitor& v) {
  v.Field("mass", mass, {.doc = "factor on the objects' masses", .min = 0.1, .max = 10});
  v.Field("friction", friction, {.doc = "factor on the friction of objects and fingers", .min = 0.05, .max = 4});
  v.Field("size", size, {.doc = "factor on the objects' sizes", .min = 0.8, .max = 1.25});
  v.Field("damping", damping, {.doc = "factor on the damping and friction of the arm's joints", .min = 0, .max = 20});
  v.Field("controller_kp", controller_kp, {.doc = "factor on the controller's stiffness", .min = 0.1, .max = 4});
  v.Field("gripper_force", gripper_force, {.doc = "factor on the fingers' force", .min = 0.05, .max = 4});
  v.Field("action_delay", action_delay,
          {.doc = "actions take effect this much later", .unit = "control steps", .min = 0, .max = 20});
}

template <class Visitor>
void PerceptionGap::Visit(Visitor& v) {
  v.Field("bias_m", bias_m,
          {.doc = "largest error of an object's perceived position, a fixed function of its pose",
           .unit = "m",
           .min = 0,
           .max = 0.2});
  v.Field(
      "bias_deg", bias_deg,
      {.doc = "largest error of its perceived yaw, a fixed function of its yaw", .unit = "deg", .min = 0, .max = 90});
  v.Field("noise_m", noise_m,
          {.doc = "deviation of what is added to each coordinate at each step", .unit = "m", .min = 0, .max = 0.05});
  v.Field("noise_deg", noise_deg,
          {.doc = "deviation of what is added to the yaw at each step", .unit = "deg", .min = 0, .max = 30});
}

template <class Visitor>
void Gap::Visit(Visitor& v) {
  v.Group("visual", visual, "what cameras see");
  v.Group("physics", physics, "how things move");
  v.Group("perception", perception, "the object poses that a state policy reads");
  v.Field("embodiment", embodiment, {.doc = "the body that acts", .names = {"panda", "floating_hand"}});
}

}  // namespace heddle::sim
