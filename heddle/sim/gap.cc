#include "heddle/sim/gap.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/read_file.h"
#include "heddle/core/text.h"

namespace heddle::sim {
namespace {

constexpr double kMostStrength = 1.5;

// One thing that differs, at full strength.
struct Axis {
  std::string name, about;
  std::function<void(Gap&, double strength)> apply;
};

double Between(double neutral, double full, double strength) { return neutral + strength * (full - neutral); }

// Factors move by powers, so that strength s and -s would undo each other and none turns negative.
double Factor(double full, double strength) { return std::pow(full, strength); }

// Full strength: far enough that a policy of the world without a gap fails more often, near enough that the task can
// still be done by an expert that sees what is the case.
const std::vector<Axis>& Axes() {
  static const std::vector<Axis> axes = {
      {"visual.texture", "surfaces of another set", [](Gap& g, double s) { g.visual.texture = s; }},
      {"visual.light", "dimmer, warmer light from another side",
       [](Gap& g, double s) {
         g.visual.light_intensity = Factor(0.6, s);
         g.visual.light_warmth = Between(0, 0.6, s);
         g.visual.light_turn_deg = Between(0, 70, s);
       }},
      {"visual.camera", "cameras moved, turned, with another lens",
       [](Gap& g, double s) {
         g.visual.camera_shift_m = Between(0, 0.06, s);
         g.visual.camera_turn_deg = Between(0, 5, s);
         g.visual.camera_fovy = Factor(1.12, s);
       }},
      {"visual.channels", "green, blue, red for red, green, blue", [](Gap& g, double s) { g.visual.channels = s; }},
      {"visual.background", "another floor, wall and sky", [](Gap& g, double s) { g.visual.background = s; }},
      {"visual.sensor", "noise, blur and JPEG",
       [](Gap& g, double s) {
         g.visual.sensor_noise = Between(0, 6, s);
         g.visual.sensor_blur_px = Between(0, 0.7, s);
         g.visual.sensor_jpeg_loss = std::round(Between(0, 45, s));
       }},
      {"physics.mass", "heavier objects", [](Gap& g, double s) { g.physics.mass = Factor(2, s); }},
      {"physics.friction", "more slippery objects and fingers",
       [](Gap& g, double s) { g.physics.friction = Factor(0.5, s); }},
      {"physics.size", "larger objects", [](Gap& g, double s) { g.physics.size = Factor(1.08, s); }},
      {"physics.damping", "stiffer joints", [](Gap& g, double s) { g.physics.damping = Factor(4, s); }},
      {"physics.controller", "a softer controller", [](Gap& g, double s) { g.physics.controller_kp = Factor(0.6, s); }},
      {"physics.delay", "actions that take effect later",
       [](Gap& g, double s) { g.physics.action_delay = std::lround(Between(0, 2, s)); }},
      {"physics.gripper", "a weaker gripper", [](Gap& g, double s) { g.physics.gripper_force = Factor(0.6, s); }},
      {"perception", "object poses with a learnable bias and small noise",
       [](Gap& g, double s) {
         g.perception = {.bias_m = Between(0, 0.02, s),
                         .bias_deg = Between(0, 8, s),
                         .noise_m = Between(0, 0.002, s),
                         .noise_deg = Between(0, 1, s)};
       }},
      {"embodiment", "a floating hand instead of the arm (of any strength above 0)",
       [](Gap& g, double s) { g.embodiment = s > 0 ? "floating_hand" : "panda"; }},
  };
  return axes;
}

// The axes that a word stands for: itself, or all that begin with it and a dot.
std::vector<const Axis*> AxesOf(const std::string& word) {
  std::vector<const Axis*> found;
  for (const Axis& axis : Axes()) {
    if (axis.name == word || axis.name.starts_with(word + ".")) found.push_back(&axis);
  }
  return found;
}

struct Term {
  std::string word;
  double strength = 1;
};

Term ParseTerm(const std::string& text, const std::string& whole) {
  const size_t colon = text.find(':');
  Term term{.word = text.substr(0, colon)};
  if (colon == std::string::npos) return term;
  const char *from = text.data() + colon + 1, *to = text.data() + text.size();
  const auto [end, error] = std::from_chars(from, to, term.strength);
  if (error != std::errc() || end != to || !(term.strength >= 0 && term.strength <= kMostStrength))
    ThrowUsage("'" + std::string(from, to) + "' is no strength", "gap '" + whole + "'", "give a number from 0 to 1.5");
  return term;
}

[[noreturn]] void ThrowUnknown(const std::string& word, const std::string& whole) {
  std::vector<std::string> names;
  for (const GapAxis& axis : GapAxes()) names.push_back(axis.name);
  ThrowUsage("'" + word + "' is no axis of a gap", "gap '" + whole + "'", SuggestName(word, names));
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t from = 0;;) {
    const size_t plus = text.find('+', from);
    parts.push_back(text.substr(from, plus - from));
    if (plus == std::string::npos) return parts;
    from = plus + 1;
  }
}

// Axes in the order of the table, whatever the order they were written in.
std::string NameOf(const std::vector<Term>& terms) {
  std::string name;
  for (const GapAxis& axis : GapAxes()) {
    for (const Term& term : terms) {
      if (term.word != axis.name) continue;
      name += (name.empty() ? "" : "+") + term.word + (term.strength == 1 ? "" : ":" + FormatDouble(term.strength));
    }
  }
  return name.empty() ? "none" : name;
}

NamedGap ReadGapFile(const std::string& path) {
  NamedGap named{.name = std::filesystem::path(path).stem().string(), .gap = {}};
  ReadYaml(OptionTree::Of("gap", named.gap), ReadFile(path), path);
  return named;
}

}  // namespace

NamedGap ParseGap(const std::string& text) {
  if (text.ends_with(".yaml") || text.ends_with(".yml") || text.find('/') != std::string::npos)
    return ReadGapFile(text);
  if (text == "none") return {};
  if (text == "visual-physics") return ParseGap("visual+physics");
  std::vector<Term> terms;
  std::vector<const Axis*> taken;
  NamedGap named;
  for (const std::string& part : Split(text)) {
    if (part.empty() && !text.empty()) ThrowUsage("nothing stands beside a '+'", "gap '" + text + "'", "leave it out");
    terms.push_back(ParseTerm(part, text));
    const Term& term = terms.back();
    if (term.word == "none") ThrowUsage("'none' stands beside another axis", "gap '" + text + "'", "leave it out");
    const auto axes = AxesOf(term.word);
    if (axes.empty()) ThrowUnknown(term.word, text);
    for (const Axis* axis : axes) {
      if (std::find(taken.begin(), taken.end(), axis) != taken.end())
        ThrowUsage("names " + axis->name + " twice", "gap '" + text + "'", "name each axis once");
      taken.push_back(axis);
      axis->apply(named.gap, term.strength);
    }
  }
  named.name = NameOf(terms);
  return named;
}

nlohmann::ordered_json GapJson(const Gap& gap) {
  Gap copy = gap;
  return ToJson(OptionTree::Of("gap", copy));
}

std::string GapHash(const Gap& gap) {
  Gap copy = gap;
  return Hash(OptionTree::Of("gap", copy));
}

const std::vector<GapAxis>& GapAxes() {
  static const std::vector<GapAxis> axes = [] {
    std::vector<GapAxis> list = {{"visual", "all visual axes"}};
    for (const Axis& axis : Axes()) {
      if (axis.name == "physics.mass") list.push_back({"physics", "all physics axes"});
      list.push_back({axis.name, axis.about});
    }
    return list;
  }();
  return axes;
}

}  // namespace heddle::sim
