#include "heddle/policy/camera_stem.h"

#include <ATen/ATen.h>

#include "heddle/core/error.h"
#include "heddle/nn/conv_stem.h"
#include "heddle/nn/script_module.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::policy {
namespace {

class SmallStem final : public CameraStem {
 public:
  SmallStem(const nn::ParameterScope& scope, const CameraStemOptions& options, int64_t width)
      : net_(scope, 3, options.channels, width) {}
  at::Tensor operator()(const at::Tensor& picture_BCHW) const override { return net_(picture_BCHW); }

 private:
  nn::ConvStem net_;
};

class ScriptStem final : public CameraStem {
 public:
  ScriptStem(const nn::ParameterScope& scope, const CameraStemOptions& options, int64_t width)
      : width_(width),
        module_(scope, options.script, "policy.camera.script",
                {.arguments = {{"picture", "Tensor"}}, .gives = "Tensor"}) {}

  at::Tensor operator()(const at::Tensor& picture_BCHW) const override {
    const at::Tensor token_BW = module_({picture_BCHW}).toTensor();
    if (token_BW.dim() != 2 || token_BW.size(0) != picture_BCHW.size(0) || token_BW.size(1) != width_) {
      ThrowInput(
          "forward must give [rows, " + std::to_string(width_) + "], and gave " + tensor::ShapeText(token_BW.sizes()),
          module_.file(), "its second size is policy.trunk.width");
    }
    return token_BW;
  }

 private:
  int64_t width_;
  nn::ScriptModule module_;
};

}  // namespace

std::unique_ptr<CameraStem> MakeCameraStem(const nn::ParameterScope& scope, const CameraStemOptions& options,
                                           int64_t width) {
  if (!options.script.empty()) return std::make_unique<ScriptStem>(scope, options, width);
  if (options.channels % 8 != 0)
    ThrowUsage("is " + std::to_string(options.channels), "policy.camera.channels", "give a multiple of 8");
  return std::make_unique<SmallStem>(scope, options, width);
}

}  // namespace heddle::policy
