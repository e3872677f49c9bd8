#include "heddle/nn/adamw.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/nn/mlp_kernels.h"

namespace heddle::nn {
namespace {

// Sums are made of pieces of this length, whatever the number of threads.
constexpr int64_t kPiece = 16'384;

// Calls work(begin, end) for every piece of 0 .. count, on torch's threads.
template <class Work>
void ForPieces(int64_t count, const Work& work) {
  const int64_t pieces = (count + kPiece - 1) / kPiece;
  at::parallel_for(0, pieces, 2, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) work(i * kPiece, std::min(count, (i + 1) * kPiece));
  });
}

}  // namespace

AdamW::AdamW(ParameterSet& parameters, const AdamWOptions& options)
    : parameters_(parameters),
      options_(options),
      state_{at::zeros_like(parameters.values()), at::zeros_like(parameters.values()), parameters.values().clone(), 0} {
}

void AdamW::ZeroGradients() {
  const at::NoGradGuard no_grad;
  at::Tensor gradients = parameters_.gradients();
  gradients.zero_();
}

double AdamW::GradientNorm() const {
  const at::Tensor& gradients = parameters_.gradients();
  if (!gradients.is_cpu() || gradients.scalar_type() != at::kFloat) return gradients.norm().item<double>();
  const MlpKernels& kernels = KernelsOfMachine();
  const float* numbers = gradients.const_data_ptr<float>();
  const int64_t count = gradients.numel();
  std::vector<double> sums(static_cast<size_t>((count + kPiece - 1) / kPiece));
  ForPieces(count, [&](int64_t begin, int64_t end) {
    sums[static_cast<size_t>(begin / kPiece)] =
        kernels.sum_of_squares(numbers + begin, static_cast<size_t>(end - begin));
  });
  double sum = 0;
  for (const double piece : sums) sum += piece;
  return std::sqrt(sum);
}

double AdamW::Step(double learning_rate) {
  const at::NoGradGuard no_grad;
  const double norm = GradientNorm();
  if (!std::isfinite(norm)) {
    ZeroGradients();
    return norm;
  }
  const double clip = options_.clip_norm > 0 && norm > options_.clip_norm ? options_.clip_norm / norm : 1;
  const auto taken = static_cast<double>(state_.steps);
  const double decay = std::min(options_.ema_decay, (1 + taken) / (10 + taken));
  ++state_.steps;
  if (parameters_.values().is_cpu() && parameters_.values().scalar_type() == at::kFloat) {
    StepCpu(learning_rate, clip, 1 - decay);
  } else {
    StepAnywhere(learning_rate, clip, 1 - decay);
  }
  return norm;
}

void AdamW::StepCpu(double learning_rate, double gradient_scale, double mean_rest) {
  const MlpKernels& kernels = KernelsOfMachine();
  const auto steps = static_cast<double>(state_.steps);
  AdamWStep step{};
  step.adam = {static_cast<float>(options_.beta1), static_cast<float>(options_.beta2),
               static_cast<float>(options_.epsilon),
               static_cast<float>(learning_rate / (1 - std::pow(options_.beta1, steps))),
               static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, steps)))};
  step.gradient_scale = static_cast<float>(gradient_scale);
  step.mean_rest = static_cast<float>(mean_rest);
  AdamWStep decayed = step;
  decayed.keep = static_cast<float>(1 - learning_rate * options_.weight_decay);
  float* const values = parameters_.values().mutable_data_ptr<float>();
  float* const gradients = parameters_.gradients().mutable_data_ptr<float>();
  float* const m = state_.m.mutable_data_ptr<float>();
  float* const v = state_.v.mutable_data_ptr<float>();
  float* const ema = state_.ema.mutable_data_ptr<float>();
  const int64_t border = parameters_.decayed();
  ForPieces(parameters_.values().numel(), [&](int64_t begin, int64_t end) {
    const auto part = [&](int64_t from, int64_t to, const AdamWStep& with) {
      if (from < to)
        kernels.adamw(values + from, gradients + from, m + from, v + from, ema + from, static_cast<size_t>(to - from),
                      with);
    };
    part(begin, std::min(end, border), decayed);
    part(std::max(begin, border), end, step);
  });
}

void AdamW::StepAnywhere(double learning_rate, double gradient_scale, double mean_rest) {
  const auto steps = static_cast<double>(state_.steps);
  at::Tensor values = parameters_.values(), gradients = parameters_.gradients();
  gradients.mul_(gradient_scale);
  state_.m.mul_(options_.beta1).add_(gradients, 1 - options_.beta1);
  state_.v.mul_(options_.beta2).addcmul_(gradients, gradients, 1 - options_.beta2);
  values.narrow(0, 0, parameters_.decayed()).mul_(1 - learning_rate * options_.weight_decay);
  const at::Tensor root = (state_.v / (1 - std::pow(options_.beta2, steps))).sqrt_().add_(options_.epsilon);
  values.addcdiv_(state_.m, root, -learning_rate / (1 - std::pow(options_.beta1, steps)));
  state_.ema.lerp_(values, mean_rest);
  gradients.zero_();
}

void AdamW::Restore(const AdamWState& state) {
  HEDDLE_DEMAND(state.m.numel() == state_.m.numel() && state.v.numel() == state_.v.numel() &&
                state.ema.numel() == state_.ema.numel());
  const at::NoGradGuard no_grad;
  state_.m.copy_(state.m);
  state_.v.copy_(state.v);
  state_.ema.copy_(state.ema);
  state_.steps = state.steps;
}

}  // namespace heddle::nn
