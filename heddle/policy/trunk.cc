#include "heddle/policy/trunk.h"

#include <ATen/ATen.h>

#include "heddle/core/error.h"
#include "heddle/nn/layers.h"

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

}  // namespace

std::unique_ptr<Trunk> MakeTrunk(const nn::ParameterScope& scope, const TrunkOptions& options, int64_t num_tokens) {
  if (options.kind == TrunkKind::kMlp) return std::make_unique<MlpTrunk>(scope, options, num_tokens);
  ThrowUsage("is not built yet", "policy.trunk.kind", "mlp");
}

}  // namespace heddle::policy
