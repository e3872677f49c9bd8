#include "heddle/sim/visual_gap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "heddle/core/check.h"
#include "heddle/core/portable_math.h"
#include "heddle/core/random.h"
#include "heddle/sim/pose.h"

namespace heddle::sim {
namespace {

constexpr const char* kOther = ".other";
constexpr double kDegree = std::numbers::pi / 180;
constexpr double kWidestView_deg = 170;

std::string NameOf(const mjModel& model, mjtObj kind, int id) {
  const char* name = mj_id2name(&model, kind, id);
  return name ? name : "";
}

bool IsBackground(const std::string& name) { return name == "floor" || name == "wall" || name == "sky"; }

float Mix(float own, float other, double strength) {
  return static_cast<float>(std::clamp(own + strength * (static_cast<double>(other) - own), 0.0, 1.0));
}

// Equally light, of the opposite colour.
std::array<float, 3> AcrossTheCircle(const float* rgb) {
  const float light = 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
  std::array<float, 3> other;
  for (size_t i = 0; i < 3; ++i) other[i] = std::clamp(2 * light - rgb[i], 0.0F, 1.0F);
  return other;
}

void MixColour(float* rgba, const float* other, double strength) {
  for (int i = 0; i < 3; ++i) rgba[i] = Mix(rgba[i], other[i], strength);
}

void MixMaterials(const VisualGap& gap, mjModel& model) {
  for (int id = 0; id < model.nmat; ++id) {
    const std::string name = NameOf(model, mjOBJ_MATERIAL, id);
    const double strength = IsBackground(name) ? gap.background : gap.texture;
    if (strength == 0 || name.ends_with(kOther)) continue;
    float* rgba = model.mat_rgba + 4 * id;
    const int other = mj_name2id(&model, mjOBJ_MATERIAL, (name + kOther).c_str());
    MixColour(rgba, other >= 0 ? model.mat_rgba + 4 * other : AcrossTheCircle(rgba).data(), strength);
  }
}

// Geoms with a colour of their own.
void MixGeoms(const VisualGap& gap, mjModel& model) {
  if (gap.texture == 0) return;
  for (int id = 0; id < model.ngeom; ++id) {
    float* rgba = model.geom_rgba + 4 * id;
    if (model.geom_matid[id] < 0) MixColour(rgba, AcrossTheCircle(rgba).data(), gap.texture);
  }
}

void MixTextures(const VisualGap& gap, mjModel& model) {
  for (int id = 0; id < model.ntex; ++id) {
    const std::string name = NameOf(model, mjOBJ_TEXTURE, id);
    const double strength = IsBackground(name) ? gap.background : gap.texture;
    const int other = mj_name2id(&model, mjOBJ_TEXTURE, (name + kOther).c_str());
    if (strength == 0 || other < 0) continue;
    const auto bytes = [&](int texture) {
      return int64_t{model.tex_height[texture]} * model.tex_width[texture] * model.tex_nchannel[texture];
    };
    HEDDLE_DEMAND(bytes(id) == bytes(other) && model.tex_type[id] == model.tex_type[other]);
    mjtByte *own = model.tex_data + model.tex_adr[id], *from = model.tex_data + model.tex_adr[other];
    for (int64_t i = 0; i < bytes(id); ++i) {
      const float mixed = Mix(static_cast<float>(own[i]) / 255, static_cast<float>(from[i]) / 255, strength);
      own[i] = static_cast<mjtByte>(std::lround(255 * mixed));
    }
  }
}

// Brightness and colour of one light: warm has more red, less blue.
void Tint(const VisualGap& gap, float* rgb) {
  const std::array<double, 3> factors = {1 + 0.30 * gap.light_warmth, 1, 1 - 0.45 * gap.light_warmth};
  for (size_t i = 0; i < 3; ++i) rgb[i] = static_cast<float>(std::max(0.0, rgb[i] * gap.light_intensity * factors[i]));
}

template <class Number>
void TurnAboutVertical(double angle_rad, Number* xyz) {
  const double c = std::cos(angle_rad), s = std::sin(angle_rad), x = xyz[0], y = xyz[1];
  xyz[0] = static_cast<Number>(c * x - s * y);
  xyz[1] = static_cast<Number>(s * x + c * y);
}

void ChangeLights(const VisualGap& gap, mjModel& model) {
  if (gap.light_intensity != 1 || gap.light_warmth != 0) {
    for (float* rgb : {model.light_ambient, model.light_diffuse, model.light_specular}) {
      for (int id = 0; id < model.nlight; ++id) Tint(gap, rgb + 3 * id);
    }
    auto& head = model.vis.headlight;
    for (float* rgb : {head.ambient, head.diffuse, head.specular}) Tint(gap, rgb);
  }
  if (gap.light_turn_deg == 0) return;
  for (int id = 0; id < model.nlight; ++id) {
    if (model.light_bodyid[id] != 0) continue;
    TurnAboutVertical(gap.light_turn_deg * kDegree, model.light_pos + 3 * id);
    TurnAboutVertical(gap.light_turn_deg * kDegree, model.light_dir + 3 * id);
  }
}

Vec3 Direction(RandomStream stream) {
  const Vec3 v = {stream.Normal(), stream.Normal(), stream.Normal()};
  return (1 / Norm(v)) * v;
}

// In the plane of the picture, so that a camera on a hand is not pulled into what it is mounted on.
Vec3 DirectionAcross(RandomStream stream, const Quat& camera) {
  const SinCos side = PortableSinCosOfTurns(stream.Uniform());
  return Rotate(camera, {side.cos, side.sin, 0});
}

void ChangeCameras(const VisualGap& gap, mjModel& model) {
  for (int id = 0; id < model.ncam; ++id) {
    const RandomStream stream = RandomStream(0, "camera gap").Split(NameOf(model, mjOBJ_CAMERA, id));
    double *position = model.cam_pos + 3 * id, *q = model.cam_quat + 4 * id;
    const Quat own = {q[0], q[1], q[2], q[3]};
    if (gap.camera_shift_m != 0) {
      const Vec3 shift = gap.camera_shift_m * DirectionAcross(stream.Split("shift"), own);
      for (size_t i = 0; i < 3; ++i) position[i] += shift[i];
    }
    if (gap.camera_turn_deg != 0) {
      const Vec3 turn = (gap.camera_turn_deg * kDegree) * Direction(stream.Split("turn"));
      const Quat turned = own * FromRotationVector(turn);
      std::copy(turned.begin(), turned.end(), q);
    }
    model.cam_fovy[id] = static_cast<mjtNum>(std::min(kWidestView_deg, model.cam_fovy[id] * gap.camera_fovy));
  }
}

}  // namespace

void ApplyVisualGap(const VisualGap& gap, mjModel& model) {
  MixMaterials(gap, model);
  MixGeoms(gap, model);
  MixTextures(gap, model);
  ChangeLights(gap, model);
  ChangeCameras(gap, model);
}

}  // namespace heddle::sim
