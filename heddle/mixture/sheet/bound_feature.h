// What a numeric feature of a mixture's layout is of.
#pragma once

#include <string>
#include <vector>

namespace heddle::mixture {

struct BoundFeature {
  std::string name;            // in the layout: "observation.state@panda", "action@panda.ee_delta"
  std::string feature;         // of the datasets: "action"
  std::string embodiment;      // empty: shared by all that have it
  std::string representation;  // of actions, else empty
  bool is_action = false;
  std::vector<std::string> dimension_names;  // one a number
};

}  // namespace heddle::mixture
