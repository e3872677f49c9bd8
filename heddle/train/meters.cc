#include "heddle/train/meters.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <set>

#include "heddle/core/random.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

at::Tensor Directions(int64_t dimensions, int64_t count) {
  at::Tensor directions_DK = at::empty({dimensions, count});
  RandomStream(0, "train.meters").FillNormal(tensor::MutableViewOf<float>(directions_DK));
  return directions_DK / directions_DK.norm(2, 0, /*keepdim=*/true);
}

// Values at `count` quantiles, evenly spread, of each column's sorted values.
at::Tensor Quantiles(const at::Tensor& sorted_NK, int64_t count) {
  const int64_t rows = sorted_NK.size(0);
  const at::Tensor at_Q =
      ((at::arange(count, at::kDouble) + .5) / count * rows).floor().to(at::kLong).clamp(0, rows - 1);
  return sorted_NK.index_select(0, at_Q);
}

at::Tensor Indices(const std::vector<int64_t>& rows) {
  return tensor::CopyOf<int64_t>(rows, {static_cast<int64_t>(rows.size())});
}

double PooledScale(const at::Tensor& a_ND, const at::Tensor& b_MD) {
  const at::Tensor all_ND = at::cat({a_ND, b_MD});
  return std::sqrt(2 * all_ND.var(0, /*unbiased=*/false).sum().item<double>());
}

}  // namespace

double SlicedWasserstein(const at::Tensor& a_ND, const at::Tensor& b_MD, int64_t directions) {
  const at::NoGradGuard no_grad;
  const at::Tensor directions_DK = Directions(a_ND.size(1), directions);
  const int64_t count = std::max(a_ND.size(0), b_MD.size(0));
  const at::Tensor a_QK = Quantiles(std::get<0>(a_ND.matmul(directions_DK).sort(0)), count);
  const at::Tensor b_QK = Quantiles(std::get<0>(b_MD.matmul(directions_DK).sort(0)), count);
  // A direction sees 1/D of a squared distance on the average.
  const double squared = (a_QK - b_QK).square().mean().item<double>() * static_cast<double>(a_ND.size(1));
  const double scale = PooledScale(a_ND, b_MD);
  return scale > 0 ? std::sqrt(squared) / scale : 0;
}

double LinearProbe(const at::Tensor& latents_ND, std::span<const contract::RowOrigin> origins, int32_t a, int32_t b) {
  const at::NoGradGuard no_grad;
  std::vector<int64_t> fit, test;
  std::vector<double> fit_sign, test_sign;
  for (const int32_t domain : {a, b}) {
    std::set<std::pair<int32_t, int64_t>> episodes;
    for (const contract::RowOrigin& origin : origins) {
      if (origin.domain == domain) episodes.insert({origin.source, origin.episode});
    }
    if (episodes.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    for (size_t row = 0; row < origins.size(); ++row) {
      if (origins[row].domain != domain) continue;
      const auto place = std::distance(episodes.begin(), episodes.find({origins[row].source, origins[row].episode}));
      (place % 2 == 0 ? fit : test).push_back(static_cast<int64_t>(row));
      (place % 2 == 0 ? fit_sign : test_sign).push_back(domain == a ? -1 : 1);
    }
  }
  const at::Tensor all_ND = latents_ND.to(at::kDouble);
  const at::Tensor x_ND = all_ND.index_select(0, Indices(fit)),
                   y_N = tensor::CopyOf<double>(fit_sign, {static_cast<int64_t>(fit.size())});
  const at::Tensor mean_D = x_ND.mean(0);
  const at::Tensor centred_ND = x_ND - mean_D;
  const at::Tensor gram_DD = centred_ND.t().matmul(centred_ND);
  const double ridge = 1e-3 * gram_DD.diagonal().mean().item<double>() + 1e-9;
  const at::Tensor weights_D = at::linalg_solve(gram_DD + ridge * at::eye(x_ND.size(1), at::kDouble),
                                                centred_ND.t().matmul((y_N - y_N.mean()).unsqueeze(1)))
                                   .squeeze(1);
  const at::Tensor said_M = (all_ND.index_select(0, Indices(test)) - mean_D).matmul(weights_D) + y_N.mean();
  const auto said = tensor::ViewOf<double>(said_M);
  double right[2] = {0, 0}, count[2] = {0, 0};
  for (size_t i = 0; i < said.size(); ++i) {
    const int of = test_sign[i] > 0 ? 1 : 0;
    ++count[of];
    if ((said[i] > 0) == (test_sign[i] > 0)) ++right[of];
  }
  return (right[0] / count[0] + right[1] / count[1]) / 2;
}

at::Tensor RowsOfDomain(const at::Tensor& latents_ND, std::span<const contract::RowOrigin> origins, int32_t domain) {
  std::vector<int64_t> rows;
  for (size_t row = 0; row < origins.size(); ++row) {
    if (origins[row].domain == domain) rows.push_back(static_cast<int64_t>(row));
  }
  return latents_ND.index_select(0, Indices(rows));
}

}  // namespace heddle::train
