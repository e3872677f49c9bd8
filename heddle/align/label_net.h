// A small net that tells a latent's label (mostly its domain), which the adversary and the classifier share.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "heddle/align/dimensions.h"
#include "heddle/align/objective.h"
#include "heddle/nn/layers.h"

namespace heddle::align {

struct LabelNetOptions {
  std::string label = "domain";
  Dimensions dimensions;
  int64_t width = 128;
  int64_t hidden_layers = 2;
  bool balanced = true;

  template <class V>
  void Visit(V& v) {
    v.Field("label", label, {.doc = "what is told: domain, or the key of a label; rows without it do not count"});
    v.Field("dimensions", dimensions, {.doc = kDimensionsDoc, .min = 0, .max = 1e6});
    v.Field("width", width, {.doc = "size of a hidden layer", .unit = "units", .min = 1, .max = 8192});
    v.Field("hidden_layers", hidden_layers, {.doc = "layers between latent and verdict", .min = 1, .max = 8});
    v.Field("balanced", balanced,
            {.doc = "every label of the batch counts the same, however rare; else every row, and a scarce target "
                    "hardly counts"});
  }
};

class LabelNet {
 public:
  // `name` of the objective. kUsage for a label that there is none of, for one with a single value, and for dimensions
  // that the latent does not have.
  LabelNet(const std::string& name, const LabelNetOptions& options, const ObjectiveSetup& setup);

  struct Verdict {
    at::Tensor loss;      // mean cross-entropy in nats; a constant 0 where the batch has fewer than two labels
    at::Tensor accuracy;  // share told rightly, weighted as the loss is; no gradient
    std::string note;     // that there was nothing to tell, else nothing
  };
  Verdict operator()(const at::Tensor& z_BD, const AlignBatch& batch) const;

 private:
  at::Tensor ClassOf(const AlignBatch& batch) const;  // int64 [B], -1 for none

  LabelNetOptions options_;
  int64_t num_classes_;
  nn::Mlp net_;
};

}  // namespace heddle::align
