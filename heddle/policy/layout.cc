#include "heddle/policy/layout.h"

#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::policy {
namespace {

template <class Part>
int64_t SizesBefore(const std::vector<Part>& parts, size_t end) {
  int64_t sum = 0;
  for (size_t i = 0; i < end; ++i) sum += parts[i].size();
  return sum;
}

}  // namespace

int64_t PolicyLayout::num_numbers() const { return SizesBefore(numbers, numbers.size()); }
int64_t PolicyLayout::num_actions() const { return SizesBefore(actions, actions.size()); }
int64_t PolicyLayout::NumberAt(size_t i) const { return SizesBefore(numbers, i); }
int64_t PolicyLayout::ActionAt(size_t i) const { return SizesBefore(actions, i); }

size_t PolicyLayout::ActionIndex(std::string_view name) const {
  std::vector<std::string> names;
  for (size_t i = 0; i < actions.size(); ++i) {
    if (actions[i].name == name) return i;
    names.push_back(actions[i].name);
  }
  ThrowUsage("the policy has no action '" + std::string(name) + "'", "", SuggestName(name, names));
}

void PolicyLayout::Check() const {
  if (numbers.empty() && cameras.empty()) ThrowUsage("the policy reads nothing", "", "give it numbers or a camera");
  if (actions.empty()) ThrowUsage("no source has actions", "", "a policy is learned from at least one that has");
  if (action_steps < 1) ThrowUsage("a chunk has at least one action", "action_steps");
  std::set<std::string> names;
  const auto once = [&names](const std::string& name, int64_t size) {
    if (!names.insert(name).second) ThrowUsage("stands twice in the policy's layout", name);
    if (size < 1) ThrowUsage("has no dimensions", name);
  };
  for (const NumberInput& number : numbers) once(number.name, number.size());
  for (const CameraInput& camera : cameras) once(camera.name, camera.height * camera.width);
  for (const ActionOutput& action : actions) once(action.name, action.size());
}

}  // namespace heddle::policy
