// The stems: one token a modality. The body's and the world's numbers share one (a row's presence flags tell which body
// it is), touch has one of its own, and so has each camera.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/nn/layers.h"
#include "heddle/policy/camera_stem.h"
#include "heddle/policy/layout.h"
#include "heddle/policy/options.h"
#include "heddle/policy/rows.h"

namespace heddle::policy {

struct StemTokens {
  at::Tensor tokens_BNW;
  at::Tensor shallow_BW;  // of the cameras, averaged; without cameras of the state
};

class Stems {
 public:
  Stems(const nn::ParameterScope& scope, const PolicyLayout& layout, const PolicyOptions& options);

  int64_t num_tokens() const;
  StemTokens operator()(const PolicyRows& rows, const RandomStream* random) const;

 private:
  // Neighbouring columns of PolicyRows::numbers_BN.
  struct Columns {
    int64_t from = 0, size = 0;
  };
  struct NumberStem {
    std::vector<Columns> columns;
    nn::Linear first;
  };
  void AddNumberStem(const nn::ParameterScope& scope, const PolicyLayout& layout, bool touch, int64_t width);

  at::Tensor CameraToken(size_t camera, const PolicyRows& rows, const RandomStream* random) const;

  std::vector<NumberStem> numbers_;
  CameraStemOptions camera_options_;
  std::vector<std::unique_ptr<CameraStem>> cameras_;
  std::vector<at::Tensor> missing_;  // of each camera: the token of rows that have no such camera
};

}  // namespace heddle::policy
