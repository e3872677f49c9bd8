// OpenGL without a display: EGL on a graphics card where there is one, EGL in software, else OSMesa.
//
// Chosen once a process, at the first use; HEDDLE_RENDERER=egl or osmesa forces it. The libraries are loaded then, and
// not before: a machine without them can do all but render.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace heddle::sim {

// Who draws.
struct GlFacts {
  std::string platform;                   // "EGL", "OSMesa"
  std::string vendor, renderer, version;  // as OpenGL says
};

// "EGL, llvmpipe (LLVM 15.0.6, 256 bits), 4.5 (Compatibility Profile) Mesa 22.3.6". Pictures of the same scene are the
// same where this line and the processor are the same.
std::string Describe(const GlFacts& facts);

// What this machine can do. Throws nothing but the usage error for a HEDDLE_RENDERER that is none.
struct RenderingSupport {
  bool available = false;
  GlFacts facts;     // if it is
  std::string lack;  // if it is not: why,
  std::string mend;  // and what to install
};
const RenderingSupport& LookAtRendering();

class PlatformContext;

// A context of its own; for the thread that made it, to its end (DEMANDed).
class GlContext {
 public:
  // System error, with what to install, where there is no OpenGL.
  GlContext();
  ~GlContext();

  // All OpenGL is meant for this context until another is made current on this thread. Costs nothing if it is already.
  void MakeCurrent();

 private:
  std::unique_ptr<PlatformContext> context_;
  std::thread::id thread_;
};

// Held while MuJoCo finds OpenGL's functions, which it keeps for the whole process: one thread at a time.
std::unique_lock<std::mutex> LockGlLoading();

}  // namespace heddle::sim
