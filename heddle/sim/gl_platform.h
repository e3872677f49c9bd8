// What gives OpenGL without a display: EGL or OSMesa, each a library that is loaded when it is first needed, so that a
// machine without it can do all but render. One of them serves the whole process: MuJoCo finds OpenGL's functions once,
// by which of the libraries is there. For gl_context.cc alone.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace heddle::sim {

// A context of the platform; destroyed on the thread that made it.
class PlatformContext {
 public:
  virtual ~PlatformContext() = default;
  virtual void MakeCurrent() = 0;  // on the calling thread. System error if that is refused.
};

class GlPlatform {
 public:
  virtual ~GlPlatform() = default;
  virtual const char* name() const = 0;  // "EGL"
  virtual std::unique_ptr<PlatformContext> NewContext() = 0;
  virtual void* FunctionNamed(const char* name) const = 0;  // nullptr: there is none
  virtual void Publish() = 0;                               // shows itself to MuJoCo
};

// What became of the attempt to load one: a platform, or why there is none.
struct LoadedPlatform {
  std::unique_ptr<GlPlatform> platform;
  std::string lack;
};
LoadedPlatform LoadEgl();
LoadedPlatform LoadOsMesa();

// A library, loaded for its own use first: Publish() shows its symbols to MuJoCo, once it is known to serve.
class SharedLibrary {
 public:
  explicit SharedLibrary(const char* file);
  ~SharedLibrary();
  SharedLibrary(SharedLibrary&& other) noexcept
      : file_(other.file_), handle_(std::exchange(other.handle_, nullptr)), lack_(std::move(other.lack_)) {}
  SharedLibrary& operator=(SharedLibrary&&) = delete;

  explicit operator bool() const { return handle_ != nullptr; }
  const std::string& lack() const { return lack_; }
  void Publish();

  // Leaves `function` nullptr if the library has none of that name.
  template <class Function>
  void Find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(Symbol(name));
  }

 private:
  void* Symbol(const char* name) const;

  const char* file_;
  void* handle_;
  std::string lack_;
};

}  // namespace heddle::sim
