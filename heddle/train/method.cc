#include "heddle/train/method.h"

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/train/run_options.h"

namespace heddle::train {
namespace {

struct Preset {
  bool transport = false, adversary = false, condition = false;
};

Preset PresetOf(Method method) {
  switch (method) {
    case Method::kMix: return {};
    case Method::kOt: return {.transport = true};
    case Method::kAdda: return {.adversary = true};
    case Method::kCfg: return {.condition = true};
    case Method::kCfgAdda: return {.adversary = true, .condition = true};
    case Method::kCfgOt: return {.transport = true, .condition = true};
    case Method::kCustom: break;
  }
  return {};
}

}  // namespace

const std::vector<std::string>& MethodNames() {
  static const std::vector<std::string> names = {"mix", "ot", "adda", "cfg", "cfg-adda", "cfg-ot", "custom"};
  return names;
}

void ApplyMethod(RunOptions& options) {
  const Preset preset = PresetOf(options.method);
  if (preset.condition) options.discern.condition.keys = {"domain"};
}

void CheckMethod(const RunOptions& options, const std::string& place) {
  if (options.method == Method::kCustom) return;
  const Preset preset = PresetOf(options.method);
  const std::string name = MethodNames()[static_cast<size_t>(options.method)];
  const auto check = [&](bool wanted, bool is_on, const std::string& key, const std::string& what) {
    if (wanted == is_on) return;
    ThrowUsage("method '" + name + "' " +
                   (wanted ? "stands for " + what + ", which " + key + " turns off"
                           : "has no " + what + ", and " + key + " turns one on"),
               place, "say `method: custom`, or leave " + key + " as it is");
  };
  check(preset.condition, !options.discern.condition.keys.empty(), "discern.condition.keys", "condition");
}

std::string AlignText(const RunOptions&) { return "none"; }

std::string DiscernText(const RunOptions& options) {
  if (options.discern.condition.keys.empty()) return "none";
  return "condition " + Join(options.discern.condition.keys, "+");
}

}  // namespace heddle::train
