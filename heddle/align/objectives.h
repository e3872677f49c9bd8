// All objectives there are. A new one is a file pair of its own, and its options' name in one of these lists.
//
// `align` draws the domains together, `discern` keeps them apart. A condition, which discerns too, is no objective but
// an input of the policy.
#pragma once

#include <memory>
#include <vector>

#include "heddle/align/adversary.h"
#include "heddle/align/classifier.h"
#include "heddle/align/objective_options.h"
#include "heddle/align/script_objective.h"
#include "heddle/align/transport.h"

namespace heddle::align {

using AlignOptions = ObjectiveOptions<AdversaryOptions, TransportOptions, ScriptOptions>;
using DiscernOptions = ObjectiveOptions<ClassifierOptions>;

// Those of both that are on.
inline std::vector<std::unique_ptr<Objective>> MakeObjectives(const AlignOptions& align, const DiscernOptions& discern,
                                                              const ObjectiveSetup& setup) {
  ObjectiveSetup own = setup;
  own.group = "align.";
  std::vector<std::unique_ptr<Objective>> made = align.Make(own);
  own.group = "discern.";
  for (auto& objective : discern.Make(own)) made.push_back(std::move(objective));
  return made;
}

}  // namespace heddle::align
