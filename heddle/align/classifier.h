// The adversary without reversal: latents keep, or gain, what tells the domain (or another label).
//
//   loss = weight · CE(D(z), label)
//
// On dimensions of its own it keeps a label readable beside what an adversary aligns on the others.
#pragma once

#include <memory>

#include "heddle/align/label_net.h"
#include "heddle/align/objective.h"

namespace heddle::align {

struct ClassifierOptions {
  static constexpr const char* kName = "classifier";
  static constexpr const char* kDoc = "A classifier of the domain: latents keep what tells it, and are pushed apart.";
  double weight = 0;
  LabelNetOptions net;

  template <class V>
  void Visit(V& v) {
    v.Field("weight", weight, {.doc = "its share in the loss; 0 is off", .min = 0, .max = 1e4});
    net.Visit(v);
  }
  // kUsage as LabelNet.
  std::unique_ptr<Objective> Make(const ObjectiveSetup& setup) const;
};

}  // namespace heddle::align
