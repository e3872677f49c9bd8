// The keys of mixture.yaml into structs. Used by heddle/mixture/sheet/sheet.h only.
#pragma once

#include "heddle/core/yaml_document.h"
#include "heddle/mixture/sheet/sheet.h"

namespace heddle::mixture {

// Keys and values one by one.
Sheet ParseSheet(const YamlNode& root, const YamlSource& source);
// What must fit together: the target is a domain, names differ, some weight is above 0, weights of one kind.
void CheckSheet(const Sheet& sheet);

}  // namespace heddle::mixture
