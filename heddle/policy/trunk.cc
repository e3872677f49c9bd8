#include "heddle/policy/trunk.h"

#include <ATen/ATen.h>

#include "heddle/core/error.h"
#include "heddle/nn/layers.h"
#include "heddle/nn/script_module.h"
#include "heddle/nn/transformer.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::policy {
namespace {

class MlpTrunk final : public Trunk {
 public:
  MlpTrunk(const nn::ParameterScope& scope, const TrunkOptions& options, int64_t num_tokens)
      : width_(options.width), net_(scope, Sizes(options, num_tokens)) {}

  at::Tensor operator()(const at::Tensor& tokens_BNW) const override {
    return at::layer_norm(net_(tokens_BNW.flatten(1)), {width_});
  }

 private:
  static std::vector<int64_t> Sizes(const TrunkOptions& options, int64_t num_tokens) {
    std::vector<int64_t> sizes = {num_tokens * options.width};
    for (int64_t i = 0; i < options.layers; ++i) sizes.push_back(options.width);
    return sizes;
  }

  int64_t width_;
  nn::Mlp net_;
};

// z is the mean of the tokens that come out.
class TransformerTrunk final : public Trunk {
 public:
  TransformerTrunk(const nn::ParameterScope& scope, const TrunkOptions& options, int64_t num_tokens)
      : width_(options.width),
        encoder_(scope,
                 {.tokens = num_tokens, .width = options.width, .layers = options.layers, .heads = options.heads}) {}

  at::Tensor operator()(const at::Tensor& tokens_BNW) const override {
    return at::layer_norm(encoder_(tokens_BNW).mean(1), {width_});
  }

 private:
  int64_t width_;
  nn::TransformerEncoder encoder_;
};

class ScriptTrunk final : public Trunk {
 public:
  ScriptTrunk(const nn::ParameterScope& scope, const TrunkOptions& options)
      : width_(options.width),
        module_(scope, options.script, "policy.trunk.script",
                {.arguments = {{"tokens", "Tensor"}}, .gives = "Tensor"}) {}

  at::Tensor operator()(const at::Tensor& tokens_BNW) const override {
    const at::Tensor z_BW = module_({tokens_BNW}).toTensor();
    if (z_BW.dim() != 2 || z_BW.size(0) != tokens_BNW.size(0) || z_BW.size(1) != width_) {
      ThrowInput(
          "forward must give [rows, " + std::to_string(width_) + "], and gave " + tensor::ShapeText(z_BW.sizes()),
          module_.file(), "its second size is policy.trunk.width");
    }
    return at::layer_norm(z_BW, {width_});
  }

 private:
  int64_t width_;
  nn::ScriptModule module_;
};

void CheckHeads(const TrunkOptions& options) {
  if (options.width % options.heads != 0)
    ThrowUsage(std::to_string(options.heads) + " heads don't divide a width of " + std::to_string(options.width),
               "policy.trunk.heads", "give a divisor of policy.trunk.width");
}

}  // namespace

std::unique_ptr<Trunk> MakeTrunk(const nn::ParameterScope& scope, const TrunkOptions& options, int64_t num_tokens) {
  switch (options.kind) {
    case TrunkKind::kMlp: return std::make_unique<MlpTrunk>(scope, options, num_tokens);
    case TrunkKind::kTransformer:
      CheckHeads(options);
      return std::make_unique<TransformerTrunk>(scope, options, num_tokens);
    case TrunkKind::kScript: break;
  }
  return std::make_unique<ScriptTrunk>(scope, options);
}

}  // namespace heddle::policy
