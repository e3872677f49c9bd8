// An objective that somebody else wrote: a TorchScript module, trained and saved like ours.
//
//   def forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]
//
// z is [B, D] float32; domain is [B] int64; labels are [B] int64 each, 0 for none. It answers the loss (one number) and
// what it wants logged (one number each). Its parameters stand under "align.script."; for buffers and chance see
// heddle/nn/script_module.h.
#pragma once

#include <memory>
#include <string>

#include "heddle/align/objective.h"

namespace heddle::align {

struct ScriptOptions {
  static constexpr const char* kName = "script";
  static constexpr const char* kDoc = "An objective of your own: a TorchScript module (docs/extending.md).";
  double weight = 0;
  std::string file;

  template <class V>
  void Visit(V& v) {
    v.Field("weight", weight, {.doc = "its share in the loss; 0 is off", .min = 0, .max = 1e4});
    v.Field("file", file, {.doc = "the module's file, as torch.jit.save writes it"});
  }
  // Throws as nn::ScriptModule; from the objective too, and for an answer that is no number.
  std::unique_ptr<Objective> Make(const ObjectiveSetup& setup) const;
};

}  // namespace heddle::align
