#include "heddle/train/meters.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "heddle/core/random.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

constexpr size_t kMostFolds = 5;

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

// Each episode's place among the domain's own.
using Episodes = std::map<std::pair<int32_t, int64_t>, size_t>;
Episodes EpisodesOf(std::span<const contract::RowOrigin> origins, int32_t domain) {
  Episodes episodes;
  for (const contract::RowOrigin& origin : origins) {
    if (origin.domain == domain) episodes[{origin.source, origin.episode}] = 0;
  }
  size_t place = 0;
  for (auto& [episode, own] : episodes) own = place++;
  return episodes;
}

struct ProbeRows {
  std::vector<int64_t> rows;
  std::vector<double> signs;
  double count[2] = {0, 0};  // of either sign

  void Add(int64_t row, double sign) {
    rows.push_back(row);
    signs.push_back(sign);
    ++count[sign > 0 ? 1 : 0];
  }
};

struct Probe {
  at::Tensor centre_D, weights_D;
};

struct Told {
  double right[2] = {0, 0}, count[2] = {0, 0};
};

// Ridge regression in which either domain weighs a half.
Probe Fit(const at::Tensor& all_ND, const ProbeRows& fit) {
  std::vector<double> shares;
  for (const double sign : fit.signs) shares.push_back(.5 / fit.count[sign > 0 ? 1 : 0]);
  const auto size = static_cast<int64_t>(fit.rows.size());
  const at::Tensor x_ND = all_ND.index_select(0, Indices(fit.rows));
  const at::Tensor share_N1 = tensor::CopyOf<double>(shares, {size, 1});
  const at::Tensor sign_N1 = tensor::CopyOf<double>(fit.signs, {size, 1});
  const at::Tensor centre_D = (x_ND * share_N1).sum(0);
  const at::Tensor centred_ND = x_ND - centre_D;
  const at::Tensor weighed_DN = (centred_ND * share_N1).t();
  const at::Tensor gram_DD = weighed_DN.matmul(centred_ND);
  const double ridge = 1e-3 * gram_DD.diagonal().mean().item<double>() + 1e-12;
  const at::Tensor weights_D1 =
      at::linalg_solve(gram_DD + ridge * at::eye(gram_DD.size(0), at::kDouble), weighed_DN.matmul(sign_N1));
  return {centre_D, weights_D1.squeeze(1)};
}

void Test(const Probe& probe, const at::Tensor& all_ND, const ProbeRows& test, Told& told) {
  const at::Tensor said_M = (all_ND.index_select(0, Indices(test.rows)) - probe.centre_D).matmul(probe.weights_D);
  const auto said = tensor::ViewOf<double>(said_M);
  for (size_t i = 0; i < said.size(); ++i) {
    const size_t of = test.signs[i] > 0 ? 1 : 0;
    ++told.count[of];
    if ((said[i] > 0) == (of == 1)) ++told.right[of];
  }
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
  const Episodes of_a = EpisodesOf(origins, a), of_b = EpisodesOf(origins, b);
  const size_t folds = std::min({kMostFolds, of_a.size(), of_b.size()});
  if (folds < 2) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor all_ND = latents_ND.to(at::kDouble);
  Told told;
  for (size_t fold = 0; fold < folds; ++fold) {
    ProbeRows fit, test;
    for (size_t row = 0; row < origins.size(); ++row) {
      const contract::RowOrigin& origin = origins[row];
      if (origin.domain != a && origin.domain != b) continue;
      const Episodes& episodes = origin.domain == a ? of_a : of_b;
      const bool tested = episodes.at({origin.source, origin.episode}) % folds == fold;
      (tested ? test : fit).Add(static_cast<int64_t>(row), origin.domain == a ? -1 : 1);
    }
    Test(Fit(all_ND, fit), all_ND, test, told);
  }
  return (told.right[0] / told.count[0] + told.right[1] / told.count[1]) / 2;
}

int64_t NumEpisodes(std::span<const contract::RowOrigin> origins, int32_t domain) {
  return static_cast<int64_t>(EpisodesOf(origins, domain).size());
}

at::Tensor RowsOfDomain(const at::Tensor& latents_ND, std::span<const contract::RowOrigin> origins, int32_t domain) {
  std::vector<int64_t> rows;
  for (size_t row = 0; row < origins.size(); ++row) {
    if (origins[row].domain == domain) rows.push_back(static_cast<int64_t>(row));
  }
  return latents_ND.index_select(0, Indices(rows));
}

}  // namespace heddle::train
