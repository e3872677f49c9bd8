// Pictures of a simulated world, by MuJoCo's own OpenGL renderer, without a display.
//
//   Renderer renderer(world.model());
//   renderer.Update(world.data());                    // where things are now
//   data::Image image = renderer.Draw("agentview", 84, 84);
//   data::DepthImage depth_m = renderer.Depth("agentview", 84, 84);
//
// Drawn are the geoms of groups 0 and 1, between the scene's znear and zfar (here in metres). The same model, state,
// options and Describe(renderer.facts()) on the same machine give the same pixels. A Renderer belongs to the thread
// that made it; threads that have one each draw at the same time. What its model looks like (colours, textures, meshes)
// is taken over when it is made; where cameras and lights are, at each Update.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "heddle/data/video/image.h"
#include "heddle/sim/gl_context.h"
#include "heddle/sim/mujoco.h"

namespace heddle::sim {

// Plain and fast as it is: what policies are trained on. For people's eyes, BeautifulRendering().
struct RenderOptions {
  bool shadows = false;      // 50 times slower in software
  bool reflections = false;  //
  bool skybox = false;       // else: black where nothing is
  int64_t samples = 4;       // a pixel, against jagged edges; at most what the driver has
};
RenderOptions BeautifulRendering();

class Renderer {
 public:
  // `model` must outlive it. System error where there is no OpenGL.
  explicit Renderer(const mjModel& model, const RenderOptions& options = {});
  ~Renderer();
  Renderer(Renderer&&) noexcept;

  // After mj_forward (World::Reset and World::Step do that).
  void Update(const mjData& data);

  // Usage error for a camera that the model has not (with the nearest right name) and for sides outside 1 .. 4096.
  data::Image Draw(const std::string& camera, int64_t height, int64_t width);
  void Draw(const std::string& camera, data::Image& into);  // of into's height and width; no memory is taken

  // A line of text that Draw puts into the upper left corner from now on; empty for none.
  void SetCaption(std::string caption);

  // Metres along the camera's axis; 0 where nothing is, as depth cameras have it. Of several samples a pixel one is
  // taken, up to 0.4 pixels beside its centre; with RenderOptions::samples = 0 the centre.
  data::DepthImage Depth(const std::string& camera, int64_t height, int64_t width);

  // Triangles of all that an Update took over, seen or not.
  int64_t num_faces() const;

  const GlFacts& facts() const { return LookAtRendering().facts; }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

std::vector<std::string> CameraNames(const mjModel& model);

// The number of a camera; usage error, with the nearest right name, if there is none.
int CameraOf(const mjModel& model, const std::string& name);

}  // namespace heddle::sim
