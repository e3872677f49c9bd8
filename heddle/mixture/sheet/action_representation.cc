#include "heddle/mixture/sheet/action_representation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace heddle::mixture {
namespace {

// The name without what stands before its last '.' or '_', in small letters.
std::string_view Last(std::string_view name) {
  const size_t at = name.find_last_of("._");
  return at == std::string_view::npos ? name : name.substr(at + 1);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool Contains(std::string_view name, std::initializer_list<std::string_view> parts) {
  const std::string lower = Lower(name);
  return std::ranges::any_of(parts, [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

bool IsGrip(std::string_view name) { return Contains(name, {"grip", "finger", "thumb", "suction", "claw"}); }
bool IsVelocity(std::string_view name) { return Contains(name, {"vel"}); }
bool IsRotationVector(std::string_view name) {
  const std::string_view last = Last(name);
  return last == "rx" || last == "ry" || last == "rz" || last == "roll" || last == "pitch" || last == "yaw";
}
bool IsNumber(std::string_view name) { return name.find_first_not_of("0123456789") == std::string_view::npos; }

std::optional<Meaning> QuaternionAt(const std::vector<std::string>& names, size_t i) {
  if (i + 4 > names.size()) return std::nullopt;
  const std::string_view prefix = std::string_view(names[i]).substr(0, names[i].size() - Last(names[i]).size());
  const auto is = [&](const std::array<std::string_view, 4>& order) {
    for (size_t k = 0; k < 4; ++k) {
      if (names[i + k] != std::string(prefix) + std::string(order[k])) return false;
    }
    return true;
  };
  if (is({"qx", "qy", "qz", "qw"})) return Meaning::kQuaternionXyzw;
  if (is({"qw", "qx", "qy", "qz"})) return Meaning::kQuaternionWxyz;
  return std::nullopt;
}

template <class MeaningOf>
std::vector<Slot> SlotsOf(const std::vector<std::string>& names, MeaningOf meaning_of) {
  std::vector<Slot> slots;
  for (size_t i = 0; i < names.size(); ++i) {
    if (const auto quaternion = QuaternionAt(names, i)) {
      const std::string prefix = names[i].substr(0, names[i].size() - 2);
      slots.push_back({prefix + "quaternion", 4, *quaternion});
      i += 3;
    } else {
      slots.push_back({names[i], 1, meaning_of(names[i])});
    }
  }
  return slots;
}

}  // namespace

const std::vector<std::string>& ActionRepresentations() {
  static const std::vector<std::string> names = {"ee_delta",       "ee_absolute", "wrist_delta",
                                                 "wrist_absolute", "joint_delta", "joint_absolute",
                                                 "joint_velocity", "other",       "none"};
  return names;
}

std::vector<Slot> SlotsOfAction(const std::vector<std::string>& names, const std::string& representation) {
  const bool delta = representation.ends_with("_delta");
  const bool known = delta || representation.ends_with("_absolute") || representation.ends_with("_velocity");
  return SlotsOf(names, [&](const std::string& name) {
    if (!known) return Meaning::kUnknown;
    if (IsGrip(name)) return Meaning::kHeld;
    if (IsVelocity(name)) return Meaning::kAbsolute;
    if (delta) return Meaning::kDelta;
    return IsRotationVector(name) ? Meaning::kUnknown : Meaning::kAbsolute;
  });
}

std::vector<Slot> SlotsOfObservation(const std::vector<std::string>& names) {
  return SlotsOf(names, [](const std::string& name) {
    return IsNumber(name) || IsRotationVector(name) ? Meaning::kUnknown : Meaning::kAbsolute;
  });
}

std::vector<std::string> NumberNames(int64_t count) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

}  // namespace heddle::mixture
