// The committed study of which single detail of the toy moves its analysis of variance most
// (benchmarks/toy_sensitivity): the object that toy.json carries as `sensitivity`.
#pragma once

#include <string_view>

namespace heddle::toy {

// JSON text of heddle/toy/sensitivity.json as it was when this was built.
std::string_view SensitivityStudy();

}  // namespace heddle::toy
