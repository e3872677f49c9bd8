#include "heddle/train/method.h"

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/train/run_options.h"

namespace heddle::train {
namespace {

// Of the presets. The adversary's is the one under which the paper calls latents structured and aligned.
constexpr double kAdversaryWeight = 0.05;
constexpr double kTransportWeight = 0.1, kTransportActionWeight = 0.5;

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
  if (preset.adversary) options.align.Of<align::AdversaryOptions>().weight = kAdversaryWeight;
  if (preset.transport) {
    options.align.Of<align::TransportOptions>().weight = kTransportWeight;
    options.align.Of<align::TransportOptions>().action_weight = kTransportActionWeight;
  }
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
  const bool has_adversary = options.align.Of<align::AdversaryOptions>().weight > 0;
  const bool has_transport = options.align.Of<align::TransportOptions>().weight > 0;
  const bool has_script = options.align.Of<align::ScriptOptions>().weight > 0;
  const bool has_classifier = options.discern.objectives.Of<align::ClassifierOptions>().weight > 0;
  check(preset.adversary, has_adversary, "align.adversary.weight", "adversary");
  check(preset.transport, has_transport, "align.transport.weight", "transport");
  check(false, has_script, "align.script.weight", "objective of your own");
  check(false, has_classifier, "discern.classifier.weight", "classifier");
  check(preset.condition, !options.discern.condition.keys.empty(), "discern.condition.keys", "condition");
}

std::string AlignText(const RunOptions& options) {
  const double adversary = options.align.Of<align::AdversaryOptions>().weight;
  const double transport = options.align.Of<align::TransportOptions>().weight;
  const align::ScriptOptions& script = options.align.Of<align::ScriptOptions>();
  std::vector<std::string> parts;
  if (adversary > 0) parts.push_back("adversary " + FormatDouble(adversary));
  if (transport > 0) parts.push_back("transport " + FormatDouble(transport));
  if (script.weight > 0) parts.push_back("script " + script.file + " " + FormatDouble(script.weight));
  return parts.empty() ? "none" : Join(parts, " + ");
}

std::string DiscernText(const RunOptions& options) {
  const double classifier = options.discern.objectives.Of<align::ClassifierOptions>().weight;
  std::vector<std::string> parts;
  for (const std::string& key : options.discern.condition.keys) parts.push_back("condition " + key);
  if (classifier > 0) parts.push_back("classifier " + FormatDouble(classifier));
  return parts.empty() ? "none" : Join(parts, " + ");
}

}  // namespace heddle::train
