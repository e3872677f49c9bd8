#include "heddle/sim/renderer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/sim/faces.h"

namespace heddle::sim {
namespace {

constexpr int64_t kLongestSide = 4096;
// Beyond what a scene of ours has; MuJoCo leaves out what is more.
constexpr int kMostGeoms = 2000;

// MuJoCo's objects on the graphics card; the context must be current whenever they are used.
class DrawingContext {
 public:
  DrawingContext(const mjModel& model, const RenderOptions& options) {
    mjr_defaultContext(&context_);
    mjModel wanted = model;
    wanted.vis.quality.offsamples = static_cast<int>(options.samples);
    wanted.vis.global.offwidth = wanted.vis.global.offheight = 16;
    if (!options.shadows) wanted.vis.quality.shadowsize = 0;
    const auto lock = LockGlLoading();
    mjr_makeContext(&wanted, &context_, mjFONTSCALE_100);
    mjr_setBuffer(mjFB_OFFSCREEN, &context_);
    context_.readDepthMap = mjDEPTH_ZEROFAR;
  }
  ~DrawingContext() { mjr_freeContext(&context_); }
  DrawingContext(const DrawingContext&) = delete;
  DrawingContext& operator=(const DrawingContext&) = delete;

  mjrContext* get() { return &context_; }

 private:
  mjrContext context_;
};

class Scene {
 public:
  Scene(const mjModel& model, const RenderOptions& options) {
    mjv_defaultScene(&scene_);
    mjv_makeScene(&model, &scene_, kMostGeoms);
    std::fill(std::begin(scene_.flags), std::end(scene_.flags), mjtByte{0});
    scene_.flags[mjRND_CULL_FACE] = 1;
    scene_.flags[mjRND_SHADOW] = options.shadows;
    scene_.flags[mjRND_REFLECTION] = options.reflections;
    scene_.flags[mjRND_SKYBOX] = options.skybox;
  }
  ~Scene() { mjv_freeScene(&scene_); }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  mjvScene* get() { return &scene_; }
  const mjvScene* get() const { return &scene_; }

 private:
  mjvScene scene_;
};

// The same model as it is drawn: a copy of the struct, not of what it points to.
class DrawnModel {
 public:
  DrawnModel(const mjModel& model, const RenderOptions& options)
      : model_(model), texture_kinds_(model.tex_type, model.tex_type + model.ntex) {
    // MuJoCo measures it anew when poses or sizes change, and scales by it what cameras see.
    model_.stat.extent = 1;
    // A sky takes software as long to prepare as all other textures together: 0.1 s.
    if (!options.skybox)
      std::replace(texture_kinds_.begin(), texture_kinds_.end(), int{mjTEXTURE_SKYBOX}, int{mjTEXTURE_2D});
    model_.tex_type = texture_kinds_.data();
  }
  DrawnModel(const DrawnModel&) = delete;
  DrawnModel& operator=(const DrawnModel&) = delete;

  const mjModel& get() const { return model_; }

 private:
  mjModel model_;
  std::vector<int> texture_kinds_;
};

mjvOption WhatIsDrawn() {
  mjvOption option;
  mjv_defaultOption(&option);
  std::fill(std::begin(option.geomgroup), std::end(option.geomgroup), mjtByte{0});
  std::fill(std::begin(option.sitegroup), std::end(option.sitegroup), mjtByte{0});
  option.geomgroup[0] = option.geomgroup[1] = 1;
  return option;
}

// From the last row to the first, as pictures have it.
template <class Value>
void TurnOver(std::vector<Value>& values, int64_t height) {
  const int64_t row = static_cast<int64_t>(values.size()) / height;
  for (int64_t y = 0; y < height / 2; ++y)
    std::swap_ranges(values.begin() + y * row, values.begin() + (y + 1) * row, values.end() - (y + 1) * row);
}

}  // namespace

struct Renderer::Parts {
  Parts(const mjModel& of, const RenderOptions& options)
      : drawn(of, options), option(WhatIsDrawn()), drawing(model, options), scene(model, options) {}
  // What belongs to the context goes while it is current.
  ~Parts() { gl.MakeCurrent(); }

  mjrRect Render(const std::string& camera, int64_t height, int64_t width);

  DrawnModel drawn;
  const mjModel& model = drawn.get();
  GlContext gl;
  mjvOption option;
  DrawingContext drawing;
  Scene scene;
  const mjData* state = nullptr;  // of the last Update
  std::string caption;
};

mjrRect Renderer::Parts::Render(const std::string& camera, int64_t height, int64_t width) {
  HEDDLE_DEMAND(state);
  if (std::min(height, width) < 1 || std::max(height, width) > kLongestSide) {
    ThrowUsage("can't be rendered at " + std::to_string(width) + " x " + std::to_string(height), "camera " + camera,
               "give sides from 1 to " + std::to_string(kLongestSide));
  }
  gl.MakeCurrent();
  const mjrRect view = {0, 0, static_cast<int>(width), static_cast<int>(height)};
  mjrContext* context = drawing.get();
  if (context->offWidth != view.width || context->offHeight != view.height)
    mjr_resizeOffscreen(view.width, view.height, context);
  mjvCamera eye;
  mjv_defaultCamera(&eye);
  eye.type = mjCAMERA_FIXED;
  eye.fixedcamid = CameraOf(model, camera);
  mjv_updateCamera(&model, state, &eye, scene.get());
  mjr_render(view, scene.get(), context);
  return view;
}

RenderOptions BeautifulRendering() { return {.shadows = true, .reflections = true, .skybox = true, .samples = 8}; }

Renderer::Renderer(const mjModel& model, const RenderOptions& options)
    : parts_(std::make_unique<Parts>(model, options)) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;

void Renderer::Update(const mjData& data) {
  mjvCamera any;
  mjv_defaultCamera(&any);
  // Reads the data, though its type doesn't say so.
  auto* state = const_cast<mjData*>(&data);
  mjv_updateScene(&parts_->model, state, &parts_->option, nullptr, &any, mjCAT_ALL, parts_->scene.get());
  parts_->state = &data;
}

data::Image Renderer::Draw(const std::string& camera, int64_t height, int64_t width) {
  data::Image image{.height = height, .width = width, .channels = 3, .pixels = {}};
  Draw(camera, image);
  return image;
}

void Renderer::Draw(const std::string& camera, data::Image& into) {
  const mjrRect view = parts_->Render(camera, into.height, into.width);
  if (!parts_->caption.empty())
    mjr_overlay(mjFONT_NORMAL, mjGRID_TOPLEFT, view, parts_->caption.c_str(), nullptr, parts_->drawing.get());
  into.channels = 3;
  into.pixels.resize(static_cast<size_t>(3 * into.height * into.width));
  mjr_readPixels(into.pixels.data(), nullptr, view, parts_->drawing.get());
  TurnOver(into.pixels, into.height);
}

void Renderer::SetCaption(std::string caption) { parts_->caption = std::move(caption); }

data::DepthImage Renderer::Depth(const std::string& camera, int64_t height, int64_t width) {
  const mjrRect view = parts_->Render(camera, height, width);
  data::DepthImage depth{.height = height, .width = width, .values = {}};
  depth.values.resize(static_cast<size_t>(height * width));
  mjr_readPixels(nullptr, depth.values.data(), view, parts_->drawing.get());
  TurnOver(depth.values, height);
  // The buffer holds near (far - z) / (z (far - near)): 1 at the near plane, 0 at the far one.
  const double near = parts_->model.vis.map.znear, far = parts_->model.vis.map.zfar;
  for (float& value : depth.values)
    value = value > 0 ? static_cast<float>(near * far / (near + value * (far - near))) : 0.0F;
  return depth;
}

int64_t Renderer::num_faces() const { return CountFaces(parts_->model, *parts_->scene.get()); }

std::vector<std::string> CameraNames(const mjModel& model) {
  std::vector<std::string> names;
  for (int camera = 0; camera < model.ncam; ++camera) names.emplace_back(mj_id2name(&model, mjOBJ_CAMERA, camera));
  return names;
}

int CameraOf(const mjModel& model, const std::string& name) {
  const int camera = mj_name2id(&model, mjOBJ_CAMERA, name.c_str());
  if (camera < 0) ThrowUsage("the scene has no camera '" + name + "'", "camera", SuggestName(name, CameraNames(model)));
  return camera;
}

}  // namespace heddle::sim
