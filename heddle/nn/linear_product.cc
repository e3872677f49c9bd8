#include "heddle/nn/linear_product.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

#include <optional>
#include <string_view>
#include <vector>

namespace heddle::nn {
namespace {

// Multiplications from which on it pays.
constexpr int64_t kLarge = int64_t{1} << 24;

using Signature = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&, std::string_view,
                             at::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

// Of a libtorch that was built without it: none.
const std::optional<c10::TypedOperatorHandle<Signature>>& OneDnnLinear() {
  static const auto handle = []() -> std::optional<c10::TypedOperatorHandle<Signature>> {
    const auto found = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
    if (!found || !found->hasKernelForDispatchKey(c10::DispatchKey::CPU)) return std::nullopt;
    return found->typed<Signature>();
  }();
  return handle;
}

// x_BI · right_OIᵀ + bias.
at::Tensor Product(const at::Tensor& x_BI, const at::Tensor& right_OI, const std::optional<at::Tensor>& bias_O) {
  return OneDnnLinear()->call(x_BI, right_OI, bias_O, "none", at::List<std::optional<at::Scalar>>(), std::nullopt);
}

class LargeLinear : public torch::autograd::Function<LargeLinear> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x_BI,
                            const at::Tensor& weight_OI, const at::Tensor& bias_O) {
    context->save_for_backward({x_BI, weight_OI});
    return Product(x_BI, weight_OI, bias_O);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor gradient_BO = gradients[0].contiguous();
    at::Tensor of_x_BI, of_weight_OI, of_bias_O;
    if (context->needs_input_grad(0)) of_x_BI = Product(gradient_BO, saved[1].t(), std::nullopt);
    if (context->needs_input_grad(1)) of_weight_OI = gradient_BO.t().mm(saved[0]);
    if (context->needs_input_grad(2)) of_bias_O = gradient_BO.sum(0);
    return {of_x_BI, of_weight_OI, of_bias_O};
  }
};

bool IsLarge(const at::Tensor& x, const at::Tensor& weight_OI) {
  return x.is_cpu() && x.scalar_type() == at::kFloat && x.numel() * weight_OI.size(0) > kLarge && OneDnnLinear();
}

}  // namespace

at::Tensor LinearProduct(const at::Tensor& x, const at::Tensor& weight_OI, const at::Tensor& bias_O) {
  if (!IsLarge(x, weight_OI)) return at::linear(x, weight_OI, bias_O);
  const at::Tensor x_BI = x.reshape({-1, x.size(-1)}).contiguous();
  const at::Tensor y_BO = LargeLinear::apply(x_BI, weight_OI, bias_O);
  if (x.dim() == 2) return y_BO;
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() = weight_OI.size(0);
  return y_BO.view(sizes);
}

}  // namespace heddle::nn
