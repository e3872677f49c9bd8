#include "heddle/sim/gl_context.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/sim/gl_platform.h"

namespace heddle::sim {
namespace {

constexpr const char* kForcedBy = "HEDDLE_RENDERER";
// The first version that has all that MuJoCo draws with (buffers in memory, several samples a pixel).
constexpr int kLeastMajorVersion = 3;
// Of OpenGL's interface.
constexpr unsigned kVendor = 0x1F00, kRenderer = 0x1F01, kVersion = 0x1F02;

struct Choice {
  const char* name;
  LoadedPlatform (*load)();
  const char* packages;  // of Debian
};
constexpr std::array<Choice, 2> kChoices = {
    {{"egl", LoadEgl, "libegl1 libegl-mesa0 libgl1-mesa-dri"}, {"osmesa", LoadOsMesa, "libosmesa6"}}};

std::string Forced() {
  const char* forced = std::getenv(kForcedBy);
  if (!forced || !*forced) return "";
  std::vector<std::string> names;
  for (const Choice& choice : kChoices) names.emplace_back(choice.name);
  for (const std::string& name : names) {
    if (name == forced) return name;
  }
  ThrowUsage("'" + std::string(forced) + "' is no way to render", kForcedBy, SuggestName(forced, names));
}

struct Rendering {
  std::unique_ptr<GlPlatform> platform;
  RenderingSupport support;
};

GlFacts AskForFacts(GlPlatform& platform) {
  GlFacts facts{.platform = platform.name(), .vendor = "", .renderer = "", .version = ""};
  const auto context = platform.NewContext();
  context->MakeCurrent();
  const auto get_string = reinterpret_cast<const unsigned char* (*)(unsigned)>(platform.FunctionNamed("glGetString"));
  const auto ask = [&](unsigned what) {
    const unsigned char* text = get_string ? get_string(what) : nullptr;
    return std::string(text ? reinterpret_cast<const char*>(text) : "");
  };
  facts.vendor = ask(kVendor);
  facts.renderer = ask(kRenderer);
  facts.version = ask(kVersion);
  return facts;
}

// Why it doesn't serve; empty if it does.
std::string Try(GlPlatform& platform, GlFacts& facts) {
  try {
    facts = AskForFacts(platform);
  } catch (const Error& error) {
    return error.what();
  }
  int major = 0;
  if (std::sscanf(facts.version.c_str(), "%d", &major) == 1 && major >= kLeastMajorVersion) return "";
  return facts.platform + " has OpenGL '" + facts.version + "', and 3.0 is needed";
}

Rendering Choose(const std::string& forced) {
  Rendering rendering;
  for (const Choice& choice : kChoices) {
    if (!forced.empty() && forced != choice.name) continue;
    LoadedPlatform loaded = choice.load();
    GlFacts facts;
    if (loaded.lack.empty()) loaded.lack = Try(*loaded.platform, facts);
    if (loaded.lack.empty()) {
      loaded.platform->Publish();
      rendering.platform = std::move(loaded.platform);
      rendering.support = {.available = true, .facts = facts, .lack = "", .mend = ""};
      return rendering;
    }
    rendering.support.lack += (rendering.support.lack.empty() ? "" : "; ") + loaded.lack;
    if (rendering.support.mend.empty())
      rendering.support.mend = std::string("install rendering in software: apt install ") + choice.packages;
  }
  return rendering;
}

// Never destroyed: contexts may outlive static objects, and drivers dislike being left at exit.
const Rendering& TheRendering() {
  static const Rendering* const rendering = new Rendering(Choose(Forced()));
  return *rendering;
}

thread_local const PlatformContext* current = nullptr;

}  // namespace

std::string Describe(const GlFacts& facts) { return facts.platform + ", " + facts.renderer + ", " + facts.version; }

const RenderingSupport& LookAtRendering() { return TheRendering().support; }

GlContext::GlContext() : thread_(std::this_thread::get_id()) {
  const Rendering& rendering = TheRendering();
  if (!rendering.platform)
    throw Error(ErrorKind::kSystem, "pictures can't be rendered: " + rendering.support.lack, "OpenGL",
                rendering.support.mend);
  context_ = rendering.platform->NewContext();
  MakeCurrent();
}

GlContext::~GlContext() {
  if (current == context_.get()) current = nullptr;
}

void GlContext::MakeCurrent() {
  HEDDLE_DEMAND(thread_ == std::this_thread::get_id());
  if (current == context_.get()) return;
  context_->MakeCurrent();
  current = context_.get();
}

std::unique_lock<std::mutex> LockGlLoading() {
  static std::mutex mutex;
  return std::unique_lock<std::mutex>(mutex);
}

}  // namespace heddle::sim
