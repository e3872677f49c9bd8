#include "heddle/policy/head.h"

#include <ATen/ATen.h>

#include "heddle/core/error.h"
#include "heddle/nn/dit.h"
#include "heddle/nn/dit_forward.h"
#include "heddle/policy/mlp_head.h"

namespace heddle::policy {
namespace {

class TransformerHead final : public Head {
 public:
  TransformerHead(const nn::ParameterScope& scope, const HeadOptions& options, const HeadSizes& sizes)
      : net_(scope, {.latent = sizes.latent,
                     .time_features = sizes.time_features,
                     .tokens = sizes.action_steps,
                     .token_size = sizes.actions,
                     .width = options.width,
                     .layers = options.layers,
                     .heads = options.heads}) {}

  at::Tensor operator()(const at::Tensor& zc_BC, const at::Tensor& noised_BHA,
                        const at::Tensor& time_BF) const override {
    return net_(zc_BC, noised_BHA, time_BF);
  }
  void Begin(const at::Tensor& zc_BC, const at::Tensor& times_LF) override { forward_.Begin(zc_BC, times_LF); }
  at::Tensor Again(const at::Tensor& noised_BHA, int64_t level) override { return forward_.Clean(noised_BHA, level); }

 private:
  nn::DiffusionTransformer net_;
  nn::DitForward forward_{net_};
};

}  // namespace

std::unique_ptr<Head> MakeHead(const nn::ParameterScope& scope, const HeadOptions& options, const HeadSizes& sizes) {
  if (options.kind == HeadKind::kMlp) return std::make_unique<MlpHead>(scope, options, sizes);
  if (options.width % options.heads != 0)
    ThrowUsage(std::to_string(options.heads) + " heads don't divide a width of " + std::to_string(options.width),
               "policy.head.heads", "give a divisor of policy.head.width");
  return std::make_unique<TransformerHead>(scope, options, sizes);
}

}  // namespace heddle::policy
