// Methods: presets of the two knobs, align and discern.
//
//   mix        neither                         cfg       a condition
//   ot         transport                       cfg-ot    both
//   adda       adversary                       cfg-adda  both
//
// Any other combination is as good a run: `method: custom` takes align and discern as they are written.
#pragma once

#include <string>
#include <vector>

namespace heddle::train {

struct RunOptions;

enum class Method { kMix, kOt, kAdda, kCfg, kCfgAdda, kCfgOt, kCustom };
const std::vector<std::string>& MethodNames();  // in the order of the enumerators

// Sets what the preset stands for, with its usual weights.
void ApplyMethod(RunOptions& options);
// Usage error where align or discern contradict the preset: a term that it has not is on, or one that it has is off.
void CheckMethod(const RunOptions& options, const std::string& place);

// For evidence rows: "adversary .05", "condition domain"; "none".
std::string AlignText(const RunOptions& options);
std::string DiscernText(const RunOptions& options);

}  // namespace heddle::train
