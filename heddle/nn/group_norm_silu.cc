#include "heddle/nn/group_norm_silu.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <functional>
#include <vector>

#include "heddle/nn/mlp_kernels.h"

namespace heddle::nn {
namespace {

constexpr double kEpsilon = 1e-5;

struct MapShape {
  size_t pictures, channels, places, groups;

  MapShape(const at::Tensor& map_BCHW, int64_t num_groups)
      : pictures(static_cast<size_t>(map_BCHW.size(0))),
        channels(static_cast<size_t>(map_BCHW.size(1))),
        places(static_cast<size_t>(map_BCHW.size(2) * map_BCHW.size(3))),
        groups(static_cast<size_t>(num_groups)) {}
  size_t of_group() const { return channels / groups; }
  double count() const { return static_cast<double>(of_group() * places); }
  size_t picture() const { return places * channels; }
};

// The sum over the channels of each group, for each channel.
std::vector<double> GroupSums(const std::vector<float>& of_channels, const MapShape& shape) {
  std::vector<double> sums(shape.channels);
  for (size_t first = 0; first < shape.channels; first += shape.of_group()) {
    double sum = 0;
    for (size_t c = first; c < first + shape.of_group(); ++c) sum += static_cast<double>(of_channels[c]);
    for (size_t c = first; c < first + shape.of_group(); ++c) sums[c] = sum;
  }
  return sums;
}

// Of one picture, a channel at a time; the numbers of a group are alike.
struct Moments {
  std::vector<float> mean, inverse;  // 1 / √(variance + ε)
};

Moments MomentsOf(const float* x, const MapShape& shape) {
  const NormKernels& kernels = KernelsOfMachine().norm;
  std::vector<float> sums(shape.channels);
  Moments moments{std::vector<float>(shape.channels), std::vector<float>(shape.channels)};
  kernels.channel_sums(x, sums.data(), shape.places, shape.channels);
  const std::vector<double> totals = GroupSums(sums, shape);
  for (size_t c = 0; c < shape.channels; ++c) moments.mean[c] = static_cast<float>(totals[c] / shape.count());
  kernels.channel_squares(x, moments.mean.data(), sums.data(), shape.places, shape.channels);
  const std::vector<double> squares = GroupSums(sums, shape);
  for (size_t c = 0; c < shape.channels; ++c)
    moments.inverse[c] = static_cast<float>(1 / std::sqrt(squares[c] / shape.count() + kEpsilon));
  return moments;
}

// u = scale x + shift.
struct Affine {
  std::vector<float> scale, shift;

  Affine(const Moments& moments, const float* gain, const float* added) {
    for (size_t c = 0; c < moments.mean.size(); ++c) {
      scale.push_back(gain[c] * moments.inverse[c]);
      shift.push_back(added[c] - moments.mean[c] * scale[c]);
    }
  }
};

void ForPictures(size_t pictures, const std::function<void(size_t)>& work) {
  at::parallel_for(0, static_cast<int64_t>(pictures), 4, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) work(static_cast<size_t>(i));
  });
}

class Fused : public torch::autograd::Function<Fused> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& map_BCHW, int64_t groups,
                            const at::Tensor& gain_C, const at::Tensor& shift_C) {
    const MapShape shape(map_BCHW, groups);
    at::Tensor out_BCHW = at::empty_like(map_BCHW);
    const float* const x = map_BCHW.const_data_ptr<float>();
    const float *const gain = gain_C.const_data_ptr<float>(), *const shift = shift_C.const_data_ptr<float>();
    float* const out = out_BCHW.mutable_data_ptr<float>();
    ForPictures(shape.pictures, [&](size_t i) {
      const float* const picture = x + i * shape.picture();
      const Affine affine(MomentsOf(picture, shape), gain, shift);
      KernelsOfMachine().norm.scaled_silu(picture, affine.scale.data(), affine.shift.data(), out + i * shape.picture(),
                                          shape.places, shape.channels);
    });
    context->save_for_backward({map_BCHW, gain_C, shift_C});
    context->saved_data["groups"] = groups;
    return out_BCHW;
  }

  // With û = gain x̂ + shift and d = d_out silu'(û), m numbers a group:
  //   d_gain = Σ d x̂,  d_shift = Σ d,  d_x = (gain d - Σ_g gain d / m - x̂ Σ_g gain d x̂ / m) / √(variance + ε)
  // where Σ is over places and Σ_g over the group.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const MapShape shape(saved[0], context->saved_data["groups"].toInt());
    const at::Tensor d_out_BCHW = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor d_in_BCHW = at::empty_like(saved[0]);
    const auto channels = static_cast<int64_t>(shape.channels);
    at::Tensor of_pictures_2BC = at::empty({2, static_cast<int64_t>(shape.pictures), channels}, at::kFloat);
    const float *const x = saved[0].const_data_ptr<float>(), *const d_out = d_out_BCHW.const_data_ptr<float>();
    const float *const gain = saved[1].const_data_ptr<float>(), *const shift = saved[2].const_data_ptr<float>();
    float *const d_in = d_in_BCHW.mutable_data_ptr<float>(), *const sums = of_pictures_2BC.mutable_data_ptr<float>();
    ForPictures(shape.pictures, [&](size_t i) {
      const size_t at = i * shape.picture();
      float *const of_gain = sums + i * shape.channels, *const of_shift = of_gain + shape.pictures * shape.channels;
      BackwardOf(x + at, gain, shift, d_out + at, d_in + at, of_gain, of_shift, shape);
    });
    const at::Tensor of_both_2C = of_pictures_2BC.sum(1);
    return {d_in_BCHW, at::Tensor(), of_both_2C[0], of_both_2C[1]};
  }

 private:
  static void BackwardOf(const float* x, const float* gain, const float* shift, const float* d_out, float* d_in,
                         float* of_gain, float* of_shift, const MapShape& shape) {
    const NormKernels& kernels = KernelsOfMachine().norm;
    const Moments moments = MomentsOf(x, shape);
    const Affine affine(moments, gain, shift);
    kernels.scaled_silu_backward(x, affine.scale.data(), affine.shift.data(), moments.mean.data(), d_out, d_in,
                                 of_shift, of_gain, shape.places, shape.channels);
    std::vector<float> scaled(shape.channels), products(shape.channels), b(shape.channels), c(shape.channels);
    for (size_t i = 0; i < shape.channels; ++i) {
      of_gain[i] *= moments.inverse[i];
      scaled[i] = gain[i] * of_shift[i];
      products[i] = gain[i] * of_gain[i];
    }
    const std::vector<double> scaled_sums = GroupSums(scaled, shape), product_sums = GroupSums(products, shape);
    for (size_t i = 0; i < shape.channels; ++i) {
      const double inverse = moments.inverse[i], slope = -inverse * inverse * product_sums[i] / shape.count();
      b[i] = static_cast<float>(slope);
      c[i] =
          static_cast<float>(-slope * static_cast<double>(moments.mean[i]) - inverse * scaled_sums[i] / shape.count());
    }
    kernels.combine(d_in, x, affine.scale.data(), b.data(), c.data(), shape.places, shape.channels);
  }
};

}  // namespace

at::Tensor GroupNormSilu(const at::Tensor& map_BCHW, int64_t groups, const at::Tensor& gain_C,
                         const at::Tensor& shift_C) {
  const bool fused = map_BCHW.is_cpu() && map_BCHW.scalar_type() == at::kFloat &&
                     map_BCHW.is_contiguous(at::MemoryFormat::ChannelsLast) && gain_C.is_contiguous() &&
                     shift_C.is_contiguous();
  if (!fused) return at::silu(at::group_norm(map_BCHW, groups, gain_C, shift_C));
  return Fused::apply(map_BCHW, groups, gain_C, shift_C);
}

}  // namespace heddle::nn
