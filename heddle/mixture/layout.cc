#include "heddle/mixture/layout.h"

#include <cmath>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

constexpr int64_t kMaxSize = 1 << 20;  // of a slot or of a picture's side
constexpr double kMaxDelta_s = 1e6;

void CheckNew(std::set<std::string>& names, const std::string& name, const std::string& where) {
  if (name.empty()) ThrowUsage("a name is empty", where);
  if (!names.insert(name).second) ThrowUsage("the name '" + name + "' stands twice", where, "names must differ");
}

void CheckSize(int64_t size, const std::string& what, const std::string& where) {
  if (size < 1 || size > kMaxSize) ThrowUsage(what + " is " + std::to_string(size), where, "at least 1 is needed");
}

void CheckSlots(const NumericLayout& feature) {
  if (feature.slots.empty()) ThrowUsage("the feature has no slots", feature.name);
  std::set<std::string> names;
  for (const Slot& slot : feature.slots) {
    const std::string where = feature.name + ", slot " + slot.name;
    CheckNew(names, slot.name, where);
    CheckSize(slot.size, "the size", where);
    const bool rotation = slot.meaning == Meaning::kQuaternionXyzw || slot.meaning == Meaning::kQuaternionWxyz;
    if (rotation && slot.size != 4) ThrowUsage("a quaternion has 4 numbers, not " + std::to_string(slot.size), where);
  }
}

int64_t StepsOf(double delta_s, const WindowSpec& window, std::string_view feature) {
  const double steps = std::round(delta_s * window.control_hz);
  if (!(std::abs(delta_s) <= kMaxDelta_s) || std::abs(steps / window.control_hz - delta_s) > window.tolerance_s) {
    ThrowUsage("the delta of " + FormatDouble(delta_s) + " s is no multiple of a step of 1 / " +
                   FormatDouble(window.control_hz) + " s",
               std::string(feature), "give deltas in whole steps");
  }
  return static_cast<int64_t>(steps);
}

}  // namespace

const char* MeaningName(Meaning meaning) {
  switch (meaning) {
    case Meaning::kAbsolute: return "absolute";
    case Meaning::kDelta: return "delta";
    case Meaning::kQuaternionXyzw: return "quaternion_xyzw";
    case Meaning::kQuaternionWxyz: return "quaternion_wxyz";
    case Meaning::kHeld: return "held";
    case Meaning::kUnknown: break;
  }
  return "unknown";
}

int64_t NumericLayout::size() const {
  int64_t sum = 0;
  for (const Slot& slot : slots) sum += slot.size;
  return sum;
}

void Layout::Check() const {
  if (!(window.control_hz > 0) || !std::isfinite(window.control_hz)) {
    ThrowUsage("the rate is " + FormatDouble(window.control_hz), "control_hz", "give the target's rate in 1/s");
  }
  if (window.drop_last_frames < 0) ThrowUsage("must not be negative", "drop_last_frames");
  std::set<std::string> names;
  for (const NumericLayout& feature : numbers) {
    CheckNew(names, feature.name, "the mixture's features");
    CheckSlots(feature);
  }
  for (const CameraLayout& camera : cameras) {
    CheckNew(names, camera.name, "the mixture's cameras");
    CheckSize(camera.height, "the height", camera.name);
    CheckSize(camera.width, "the width", camera.name);
  }
  for (const auto& [feature, deltas_s] : window.deltas_s) {
    if (!names.contains(feature)) {
      const std::vector<std::string> known(names.begin(), names.end());
      ThrowUsage("there are deltas for a feature that the mixture lacks", feature, SuggestName(feature, known));
    }
    if (deltas_s.empty()) ThrowUsage("the list of deltas is empty", feature);
    for (const double delta_s : deltas_s) StepsOf(delta_s, window, feature);
  }
}

std::vector<int64_t> Layout::Steps(std::string_view feature) const {
  const auto found = window.deltas_s.find(std::string(feature));
  if (found == window.deltas_s.end()) return {0};
  std::vector<int64_t> steps;
  for (const double delta_s : found->second) steps.push_back(StepsOf(delta_s, window, feature));
  return steps;
}

}  // namespace heddle::mixture
