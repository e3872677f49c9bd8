// What a policy is told in place of what its card says.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace heddle::policy {

struct ActingChanges {
  std::optional<double> guidance = {};             // lambda
  std::map<std::string, std::string> act_as = {};  // condition -> value to act under; "": without that label
};

// "KEY=VALUE" as it stands behind --act-as. Usage error for anything else.
void AddActAs(const std::string& setting, ActingChanges& changes);

}  // namespace heddle::policy
