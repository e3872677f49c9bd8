#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/sim/gl_platform.h"

namespace heddle::sim {
namespace {

// What is used of EGL's interface (registry.khronos.org/EGL), so that a build needs no package of it.
using EglInt = int32_t;
using EglBool = unsigned;
using EglEnum = unsigned;
using EglDisplay = void*;
using EglConfig = void*;
using EglContextId = void*;
using EglSurface = void*;
using EglDevice = void*;
constexpr EglEnum kOpenGlApi = 0x30A2, kPlatformDevice = 0x313F, kPlatformSurfaceless = 0x31DD;
constexpr EglInt kExtensions = 0x3055, kSurfaceType = 0x3033, kPbufferBit = 0x0001, kRenderableType = 0x3040,
                 kOpenGlBit = 0x0008, kRedSize = 0x3024, kDepthSize = 0x3025, kNone = 0x3038;

constexpr EglInt kMostDevices = 32;

struct Egl {
  explicit Egl(SharedLibrary from) : library(std::move(from)) {
    library.Find("eglGetProcAddress", get_function);
    library.Find("eglInitialize", initialize);
    library.Find("eglTerminate", terminate);
    library.Find("eglQueryString", query_string);
    library.Find("eglBindAPI", bind_api);
    library.Find("eglChooseConfig", choose_config);
    library.Find("eglCreateContext", create_context);
    library.Find("eglDestroyContext", destroy_context);
    library.Find("eglMakeCurrent", make_current);
    library.Find("eglReleaseThread", release_thread);
    if (!get_function) return;
    FindExtension("eglQueryDevicesEXT", query_devices);
    FindExtension("eglQueryDeviceStringEXT", query_device);
    FindExtension("eglGetPlatformDisplayEXT", get_display);
  }

  bool complete() const {
    return get_function && initialize && terminate && query_string && bind_api && choose_config && create_context &&
           destroy_context && make_current && release_thread && get_display;
  }

  template <class Function>
  void FindExtension(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(get_function(name));
  }

  SharedLibrary library;
  void (*(*get_function)(const char* name))() = nullptr;
  EglBool (*initialize)(EglDisplay, EglInt* major, EglInt* minor) = nullptr;
  EglBool (*terminate)(EglDisplay) = nullptr;
  const char* (*query_string)(EglDisplay, EglInt name) = nullptr;
  EglBool (*bind_api)(EglEnum) = nullptr;
  EglBool (*choose_config)(EglDisplay, const EglInt* wanted, EglConfig*, EglInt most, EglInt* found) = nullptr;
  EglContextId (*create_context)(EglDisplay, EglConfig, EglContextId share, const EglInt* attributes) = nullptr;
  EglBool (*destroy_context)(EglDisplay, EglContextId) = nullptr;
  EglBool (*make_current)(EglDisplay, EglSurface draw, EglSurface read, EglContextId) = nullptr;
  EglBool (*release_thread)() = nullptr;
  EglBool (*query_devices)(EglInt most, EglDevice*, EglInt* found) = nullptr;
  const char* (*query_device)(EglDevice, EglInt name) = nullptr;
  EglDisplay (*get_display)(EglEnum platform, void* native, const EglInt* attributes) = nullptr;
};

bool Names(const char* extensions, const char* name) { return extensions && std::strstr(extensions, name); }

// Graphics cards first, the processor behind them.
std::vector<EglDevice> Devices(const Egl& egl) {
  std::vector<EglDevice> devices(kMostDevices);
  EglInt found = 0;
  if (!egl.query_devices || !egl.query_device || !egl.query_devices(kMostDevices, devices.data(), &found)) return {};
  devices.resize(static_cast<size_t>(found));
  std::vector<EglDevice> ordered;
  for (const bool software : {false, true}) {
    for (EglDevice device : devices) {
      if (Names(egl.query_device(device, kExtensions), "EGL_MESA_device_software") == software)
        ordered.push_back(device);
    }
  }
  return ordered;
}

// A context that draws into no window, only into buffers of its own.
bool Serves(const Egl& egl, EglDisplay display, EglConfig* config) {
  constexpr EglInt kWanted[] = {kSurfaceType, kPbufferBit, kRenderableType, kOpenGlBit, kRedSize, 8, kDepthSize,
                                24,           kNone};
  EglInt found = 0;
  return Names(egl.query_string(display, kExtensions), "EGL_KHR_surfaceless_context") &&
         egl.choose_config(display, kWanted, config, 1, &found) && found == 1;
}

class EglContext final : public PlatformContext {
 public:
  EglContext(const Egl& egl, EglDisplay display, EglConfig config) : egl_(egl), display_(display) {
    if (egl_.bind_api(kOpenGlApi)) context_ = egl_.create_context(display_, config, nullptr, nullptr);
    if (context_ == nullptr) throw Error(ErrorKind::kSystem, "the driver gives no OpenGL context", "EGL");
  }
  ~EglContext() override {
    egl_.make_current(display_, nullptr, nullptr, nullptr);
    egl_.destroy_context(display_, context_);
    egl_.release_thread();
  }
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;

  void MakeCurrent() override {
    if (!egl_.make_current(display_, nullptr, nullptr, context_))
      throw Error(ErrorKind::kSystem, "the OpenGL context can't be used on this thread", "EGL");
  }

 private:
  const Egl& egl_;
  EglDisplay display_;
  EglContextId context_ = nullptr;
};

class EglPlatform final : public GlPlatform {
 public:
  explicit EglPlatform(Egl egl) : egl_(std::move(egl)) {}

  // Whether some device serves. A display is kept until the process ends, as its contexts need it.
  bool Open() {
    for (EglDevice device : Devices(egl_)) {
      if (OpenDisplay(kPlatformDevice, device)) return true;
    }
    return OpenDisplay(kPlatformSurfaceless, nullptr);
  }

  void Publish() override { egl_.library.Publish(); }
  const char* name() const override { return "EGL"; }
  std::unique_ptr<PlatformContext> NewContext() override {
    return std::make_unique<EglContext>(egl_, display_, config_);
  }
  void* FunctionNamed(const char* function) const override {
    return reinterpret_cast<void*>(egl_.get_function(function));
  }

 private:
  bool OpenDisplay(EglEnum platform, void* native) {
    display_ = egl_.get_display(platform, native, nullptr);
    if (display_ == nullptr || !egl_.initialize(display_, nullptr, nullptr)) return false;
    if (Serves(egl_, display_, &config_)) {
      try {
        NewContext()->MakeCurrent();
        return true;
      } catch (const Error&) {
        // The next device may serve.
      }
    }
    egl_.terminate(display_);
    return false;
  }

  Egl egl_;
  EglDisplay display_ = nullptr;
  EglConfig config_ = nullptr;
};

}  // namespace

LoadedPlatform LoadEgl() {
  SharedLibrary library("libEGL.so.1");
  if (!library) return {.platform = nullptr, .lack = library.lack()};
  Egl egl(std::move(library));
  if (!egl.complete()) return {.platform = nullptr, .lack = "libEGL.so.1 is too old"};
  auto platform = std::make_unique<EglPlatform>(std::move(egl));
  if (!platform->Open()) return {.platform = nullptr, .lack = "EGL has no device that gives an OpenGL context"};
  return {.platform = std::move(platform), .lack = ""};
}

}  // namespace heddle::sim
