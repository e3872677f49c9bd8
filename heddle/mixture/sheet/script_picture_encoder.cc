#include <ATen/ATen.h>

#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/mixture/sheet/picture_encoder.h"
#include "heddle/nn/script_module.h"
#include "heddle/tensor/views.h"

namespace heddle::mixture {
namespace {

class ScriptPictureEncoder final : public PictureEncoder {
 public:
  ScriptPictureEncoder(const std::string& file, int64_t side)
      : side_(side),
        parameters_(RandomStream(0, "mixture.picture-encoder")),
        module_({parameters_, "encoder"}, file, "--encoder", {{{"pictures", "Tensor"}}, "Tensor"}) {}

  int64_t side() const override { return side_; }
  std::string name() const override { return "features of " + module_.file(); }

  std::vector<double> operator()(std::span<const uint8_t> picture) const override {
    HEDDLE_DEMAND(picture.size() == static_cast<size_t>(3 * side_ * side_));
    const at::NoGradGuard no_grad;
    const at::Tensor pixels_HWC = tensor::CopyOf<uint8_t>(picture, {side_, side_, 3});
    const at::Tensor picture_1CHW = pixels_HWC.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div(255).contiguous();
    const at::Tensor features_F = module_({picture_1CHW}).toTensor().flatten().to(at::kDouble).contiguous();
    if (features_F.numel() == 0 || !features_F.isfinite().all().item<bool>())
      ThrowInput("the module gave no features, or some that are not finite", module_.file());
    const auto view = tensor::ViewOf<double>(features_F);
    return {view.begin(), view.end()};
  }

 private:
  int64_t side_;
  nn::ParameterSet parameters_;
  nn::ScriptModule module_;
};

}  // namespace

std::shared_ptr<PictureEncoder> LoadPictureEncoder(const std::string& file, int64_t side) {
  return std::make_shared<ScriptPictureEncoder>(file, side);
}

}  // namespace heddle::mixture
