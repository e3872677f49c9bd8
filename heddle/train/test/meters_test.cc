#include "heddle/train/meters.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

at::Tensor Normals(uint64_t seed, int64_t rows, int64_t size) {
  at::Tensor values_ND = at::empty({rows, size});
  RandomStream(seed, "meters").FillNormal(tensor::MutableViewOf<float>(values_ND));
  return values_ND;
}

// Rows of `episodes` episodes of each of two domains, each row near its episode's own place.
struct Clouds {
  at::Tensor latents_ND;
  std::vector<contract::RowOrigin> origins;

  Clouds(uint64_t seed, int64_t episodes, int64_t rows, int64_t size, double apart, double of_episode) {
    latents_ND = Normals(seed, 2 * episodes * rows, size);
    const at::Tensor places_ED = Normals(seed + 1000, 2 * episodes, size) * of_episode;
    for (int32_t domain : {0, 1}) {
      for (int64_t episode = 0; episode < episodes; ++episode) {
        for (int64_t row = 0; row < rows; ++row) {
          const auto at = static_cast<int64_t>(origins.size());
          latents_ND[at] += places_ED[domain * episodes + episode] + domain * apart;
          origins.push_back({.source = domain, .domain = domain, .episode = episode, .frame = row});
        }
      }
    }
  }
  double Probe() const { return LinearProbe(latents_ND, origins, 0, 1); }
};

TEST(LinearProbe, TellsWhatIsApartAndNotWhatIsAlike) {
  EXPECT_GT(Clouds(1, 6, 20, 4, 4, .1).Probe(), .99);
  // Rows of an episode lie together: a probe that had seen the episode would know its domain.
  double mean = 0;
  for (uint64_t seed = 1; seed <= 12; ++seed) mean += Clouds(seed, 10, 12, 8, 0, 3).Probe() / 12;
  EXPECT_NEAR(mean, .5, .06);
}

TEST(LinearProbe, DoesNotDependOnWhichHalfIsFittedFirst) {
  for (const int64_t episodes : {2, 4, 10}) {
    Clouds clouds(7, episodes, 15, 3, .4, .5);
    const double one = clouds.Probe();
    EXPECT_DOUBLE_EQ(LinearProbe(clouds.latents_ND, clouds.origins, 1, 0), one);
    for (contract::RowOrigin& origin : clouds.origins) origin.episode = episodes - 1 - origin.episode;
    EXPECT_NEAR(clouds.Probe(), one, 1e-12) << episodes;
  }
}

TEST(LinearProbe, TestsEveryRowOnceByWhatItsEpisodeDidNotFit) {
  // In one dimension the probe is a threshold between the domains' means, so all of it can be said again by hand.
  const Clouds clouds(3, 2, 9, 1, .8, .7);
  const auto value = [&](size_t row) { return clouds.latents_ND[static_cast<int64_t>(row)][0].item<double>(); };
  double right[2] = {0, 0};
  for (const int64_t tested : {0, 1}) {
    double mean[2] = {0, 0};
    for (size_t row = 0; row < clouds.origins.size(); ++row) {
      if (clouds.origins[row].episode != tested) mean[clouds.origins[row].domain] += value(row) / 9;
    }
    for (size_t row = 0; row < clouds.origins.size(); ++row) {
      if (clouds.origins[row].episode != tested) continue;
      const bool said_b = (value(row) > (mean[0] + mean[1]) / 2) == (mean[1] > mean[0]);
      if (said_b == (clouds.origins[row].domain == 1)) right[clouds.origins[row].domain] += 1. / 18;
    }
  }
  EXPECT_NEAR(clouds.Probe(), (right[0] + right[1]) / 2, 1e-12);
  EXPECT_LT(clouds.Probe(), 1);
}

TEST(LinearProbe, WeighsBothDomainsTheSameHoweverManyRowsTheyHave) {
  Clouds clouds(5, 8, 20, 2, .6, .1);
  const double even = clouds.Probe();
  // Of the second domain a tenth of the rows.
  std::vector<int64_t> kept;
  std::vector<contract::RowOrigin> origins;
  for (size_t row = 0; row < clouds.origins.size(); ++row) {
    if (clouds.origins[row].domain == 1 && clouds.origins[row].frame >= 2) continue;
    kept.push_back(static_cast<int64_t>(row));
    origins.push_back(clouds.origins[row]);
  }
  const auto count = static_cast<int64_t>(kept.size());
  const at::Tensor fewer_ND = clouds.latents_ND.index_select(0, tensor::CopyOf<int64_t>(kept, {count}));
  EXPECT_NEAR(LinearProbe(fewer_ND, origins, 0, 1), even, .1);
  EXPECT_GT(even, .6);
}

TEST(LinearProbe, SaysNothingOfASingleEpisode) {
  const Clouds clouds(1, 1, 20, 2, 5, 0);
  EXPECT_TRUE(std::isnan(clouds.Probe()));
  EXPECT_EQ(NumEpisodes(clouds.origins, 0), 1);
  EXPECT_EQ(NumEpisodes(clouds.origins, 2), 0);
  EXPECT_EQ(NumEpisodes(Clouds(1, 7, 3, 2, 5, 0).origins, 1), 7);
}

TEST(SlicedWasserstein, IsExactInOneDimension) {
  const at::Tensor a_N1 = Normals(1, 50, 1), b_N1 = Normals(2, 50, 1) * 2 + 1;
  const auto sorted = [](const at::Tensor& values_N1) {
    const auto view = tensor::ViewOf<float>(values_N1);
    std::vector<double> values(view.begin(), view.end());
    std::ranges::sort(values);
    return values;
  };
  const std::vector<double> a = sorted(a_N1), b = sorted(b_N1);
  double squares = 0, sum = 0, sum_of_squares = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    squares += (a[i] - b[i]) * (a[i] - b[i]) / 50;
    sum += (a[i] + b[i]) / 100;
    sum_of_squares += (a[i] * a[i] + b[i] * b[i]) / 100;
  }
  EXPECT_NEAR(SlicedWasserstein(a_N1, b_N1), std::sqrt(squares / (2 * (sum_of_squares - sum * sum))), 1e-5);
}

TEST(SlicedWasserstein, OfAShiftedGaussianIsTheShiftOverTheDistanceOfPoints) {
  constexpr int64_t kSize = 5;
  const at::Tensor a_ND = Normals(3, 4000, kSize), b_ND = Normals(4, 4000, kSize) + .8;
  const double shift = .8 * std::sqrt(kSize);
  const double expected = shift / std::sqrt(2 * (kSize + shift * shift / 4));
  EXPECT_NEAR(SlicedWasserstein(a_ND, b_ND, 2000), expected, .05 * expected);
  EXPECT_NEAR(SlicedWasserstein(a_ND * 100, b_ND * 100), SlicedWasserstein(a_ND, b_ND), 1e-4);
  EXPECT_LT(SlicedWasserstein(a_ND, Normals(5, 4000, kSize)), .03);
  EXPECT_EQ(SlicedWasserstein(a_ND, a_ND), 0);
}

}  // namespace
}  // namespace heddle::train
