#include "heddle/sim/gl_platform.h"

#include <dlfcn.h>

namespace heddle::sim {

SharedLibrary::SharedLibrary(const char* file) : file_(file), handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_) return;
  const char* why = dlerror();
  lack_ = why ? why : std::string("can't load ") + file;
}

SharedLibrary::~SharedLibrary() {
  if (handle_) dlclose(handle_);
}

// Held until the process ends, as MuJoCo keeps what it found in it.
void SharedLibrary::Publish() { static_cast<void>(dlopen(file_, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD)); }

void* SharedLibrary::Symbol(const char* name) const { return handle_ ? dlsym(handle_, name) : nullptr; }

}  // namespace heddle::sim
