#include <array>
#include <mutex>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/sim/gl_platform.h"

namespace heddle::sim {
namespace {

// What is used of OSMesa's and OpenGL's interface, so that a build needs no package of them.
using Context = void*;
constexpr unsigned kRgba = 0x1908, kUnsignedByte = 0x1401;
constexpr int kWindowSide = 16;  // the window that a context must have; pictures are drawn elsewhere
constexpr int kDepthBits = 24, kStencilBits = 8;

struct OsMesa {
  explicit OsMesa(SharedLibrary from) : library(std::move(from)) {
    library.Find("OSMesaCreateContextExt", create_context);
    library.Find("OSMesaDestroyContext", destroy_context);
    library.Find("OSMesaMakeCurrent", make_current);
    library.Find("OSMesaGetProcAddress", get_function);
  }
  bool complete() const { return create_context && destroy_context && make_current && get_function; }

  SharedLibrary library;
  Context (*create_context)(unsigned format, int depth_bits, int stencil_bits, int accumulation_bits,
                            Context share) = nullptr;
  void (*destroy_context)(Context) = nullptr;
  unsigned char (*make_current)(Context, void* window, unsigned type, int width, int height) = nullptr;
  void (*(*get_function)(const char* name))() = nullptr;
};

// OSMesa says nothing about threads: contexts are made, taken up and destroyed one at a time. Drawing is not.
std::unique_lock<std::mutex> OneAtATime() {
  static std::mutex mutex;
  return std::unique_lock<std::mutex>(mutex);
}

class OsMesaContext final : public PlatformContext {
 public:
  explicit OsMesaContext(const OsMesa& mesa) : mesa_(mesa) {
    const auto lock = OneAtATime();
    context_ = mesa.create_context(kRgba, kDepthBits, kStencilBits, 0, nullptr);
    if (!context_) throw Error(ErrorKind::kSystem, "the library gives no OpenGL context", "OSMesa");
  }
  ~OsMesaContext() override {
    const auto lock = OneAtATime();
    mesa_.make_current(nullptr, nullptr, 0, 0, 0);
    mesa_.destroy_context(context_);
  }
  OsMesaContext(const OsMesaContext&) = delete;
  OsMesaContext& operator=(const OsMesaContext&) = delete;

  void MakeCurrent() override {
    const auto lock = OneAtATime();
    if (!mesa_.make_current(context_, window_.data(), kUnsignedByte, kWindowSide, kWindowSide))
      throw Error(ErrorKind::kSystem, "the OpenGL context can't be used on this thread", "OSMesa");
  }

 private:
  const OsMesa& mesa_;
  Context context_ = nullptr;
  std::array<unsigned char, 4 * kWindowSide * kWindowSide> window_{};
};

class OsMesaPlatform final : public GlPlatform {
 public:
  explicit OsMesaPlatform(OsMesa mesa) : mesa_(std::move(mesa)) {}
  void Publish() override { mesa_.library.Publish(); }
  const char* name() const override { return "OSMesa"; }
  std::unique_ptr<PlatformContext> NewContext() override { return std::make_unique<OsMesaContext>(mesa_); }
  void* FunctionNamed(const char* function) const override {
    return reinterpret_cast<void*>(mesa_.get_function(function));
  }

 private:
  OsMesa mesa_;
};

}  // namespace

LoadedPlatform LoadOsMesa() {
  std::string lack;
  for (const char* file : {"libOSMesa.so.8", "libOSMesa.so.6"}) {
    SharedLibrary library(file);
    if (!library) {
      lack += (lack.empty() ? "" : "; ") + library.lack();
      continue;
    }
    OsMesa mesa(std::move(library));
    if (!mesa.complete()) return {.platform = nullptr, .lack = std::string(file) + " is too old"};
    auto platform = std::make_unique<OsMesaPlatform>(std::move(mesa));
    return {.platform = std::move(platform), .lack = ""};
  }
  return {.platform = nullptr, .lack = lack};
}

}  // namespace heddle::sim
