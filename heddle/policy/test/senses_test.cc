// What becomes of pictures and touch on their way into the nets.
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "heddle/policy/imitation.h"
#include "heddle/policy/picture_input.h"
#include "heddle/policy/test/small_policy.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

constexpr int64_t kSide = 40;
const CameraStemOptions kCropOnly{.crop = .9, .brightness = 0, .contrast = 0};

// Red is the line, green the column.
at::Tensor Coordinates(int64_t rows) {
  at::Tensor pictures_BHWC = at::zeros({rows, kSide, kSide, 3}, at::kByte);
  const at::Tensor ramp = at::arange(kSide).to(at::kByte);
  pictures_BHWC.select(3, 0).copy_(ramp.view({1, kSide, 1}).expand({rows, kSide, kSide}));
  pictures_BHWC.select(3, 1).copy_(ramp.view({1, 1, kSide}).expand({rows, kSide, kSide}));
  return pictures_BHWC;
}

at::Tensor Bytes(const at::Tensor& input_BCHW) { return ((input_BCHW + 1) * 127.5).round().to(at::kLong).contiguous(); }

TEST(PictureInputTest, CropsLieWithinThePictureReachAllOfItAndMoveNoPixel) {
  const RandomStream random(3, "pictures");
  const at::Tensor seen = Bytes(PictureInput(Coordinates(400), kCropOnly, &random));
  ASSERT_EQ(seen.sizes().vec(), (std::vector<int64_t>{400, 3, 36, 36}));
  std::set<int64_t> tops, lefts;
  for (int64_t row = 0; row < 400; ++row) {
    const int64_t top = seen[row][0][0][0].item<int64_t>(), left = seen[row][1][0][0].item<int64_t>();
    tops.insert(top), lefts.insert(left);
    EXPECT_TRUE(at::equal(seen[row][0].select(1, 7), at::arange(top, top + 36)));
    EXPECT_TRUE(at::equal(seen[row][1].select(0, 7), at::arange(left, left + 36)));
  }
  EXPECT_THAT(tops, ::testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(lefts, ::testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(PictureInputTest, ARowsViewIsAFunctionOfTheStreamAndItsPlace) {
  const RandomStream root(3, "pictures");
  const RandomStream step = root.Split(7), next = root.Split(8);
  const CameraStemOptions options;
  const at::Tensor pictures = Coordinates(24), seen = PictureInput(pictures, options, &step);
  EXPECT_TRUE(at::equal(seen, PictureInput(pictures, options, &step)));
  EXPECT_FALSE(at::equal(seen, PictureInput(pictures, options, &next)));
  EXPECT_TRUE(at::equal(seen.narrow(0, 0, 5), PictureInput(pictures.narrow(0, 0, 5).contiguous(), options, &step)));
}

TEST(PictureInputTest, InUseTheMiddleIsTakenAsItIs) {
  const at::Tensor seen = Bytes(PictureInput(Coordinates(2), {}, nullptr));
  EXPECT_TRUE(at::equal(seen[1][0].select(1, 0), at::arange(2, 38)));
  EXPECT_TRUE(at::equal(seen[1][1].select(0, 0), at::arange(2, 38)));
}

TEST(PictureInputTest, ColoursChangeWithinTheirBoundsAndTheWholeRowAlike) {
  const CameraStemOptions options{.crop = 1, .brightness = .2, .contrast = 0};
  const RandomStream random(3, "pictures");
  const at::Tensor grey = at::full({300, kSide, kSide, 3}, 128, at::kByte);
  const at::Tensor seen = PictureInput(grey, options, &random).contiguous();
  const at::Tensor rows = seen.flatten(1);
  EXPECT_TRUE(at::equal(rows.amin(1), rows.amax(1)));
  const double as_is = 2 * 128 / 255. - 1;
  EXPECT_LE((rows - as_is).abs().max().item<double>(), .4 + 1e-6);
  EXPECT_GT(rows.max().item<double>() - rows.min().item<double>(), .7) << "both ways";
  const CameraStemOptions both{.crop = 1, .brightness = .5, .contrast = .5};
  const at::Tensor white = PictureInput(at::full({300, 8, 8, 3}, 255, at::kByte), both, &random);
  EXPECT_LE(white.max().item<double>(), 1);
}

// SmallLayout with two cameras and touch.
PolicySpec SpecOfAllSenses() {
  PolicySpec spec{SmallLayout(), {}, {.keys = {"domain"}, .dropout = 0}};
  spec.layout.numbers.push_back({"touch", "observation.tactile", "", {"fx", "fy"}});
  spec.layout.cameras = {{"left", kSide, kSide}, {"right", kSide, kSide}};
  spec.options.trunk.width = 16, spec.options.trunk.heads = 2;
  spec.options.head.width = 16, spec.options.head.noise_steps = 20, spec.options.head.sampler_steps = 5;
  spec.options.camera.channels = 8;
  return spec;
}

// Centre 0, scale 1.
contract::Statistics PlainStatistics(const PolicyLayout& layout) {
  contract::Statistics statistics;
  const auto plain = [&](const std::string& name, size_t size) {
    contract::FeatureStatistics& of = statistics[name];
    of.min.assign(size, -1), of.max.assign(size, 1), of.mean.assign(size, 0), of.std.assign(size, 1);
  };
  for (const NumberInput& input : layout.numbers) plain(input.name, input.names.size());
  for (const ActionOutput& action : layout.actions) plain(action.name, action.names.size());
  return statistics;
}

std::unique_ptr<Policy> PolicyOf(PolicySpec spec) {
  Normaliser normaliser = Normaliser::Of(spec.layout, PlainStatistics(spec.layout));
  return std::make_unique<Policy>(std::move(spec), std::move(normaliser), RandomStream(7, "test"));
}

contract::Batch BatchOfAllSenses(int64_t rows) {
  contract::Batch batch = SmallBatch(rows);
  at::Tensor touch = at::zeros({rows, 1, 2});
  RandomStream random(2, "touch");
  random.FillNormal(tensor::MutableViewOf<float>(touch));
  batch.values["touch"] = touch;
  batch.is_present["touch"] = at::ones({rows, 2}, at::kBool);
  batch.is_pad["touch"] = at::zeros({rows, 1}, at::kBool);
  for (const std::string camera : {"left", "right"}) {
    batch.values[camera] = (Coordinates(rows) * 6).unsqueeze(1).contiguous();
    batch.is_present[camera] = at::ones({rows}, at::kBool);
    batch.is_pad[camera] = at::zeros({rows, 1}, at::kBool);
  }
  return batch;
}

// Those whose name has the word.
std::vector<nn::Parameter> Named(const Policy& policy, const std::string& word) {
  std::vector<nn::Parameter> found;
  for (const nn::Parameter& parameter : policy.parameters().all()) {
    if (parameter.name.find(word) != std::string::npos) found.push_back(parameter);
  }
  return found;
}

TEST(SensesTest, PicturesVaryInTrainingByTheStepAndNotInValidation) {
  const auto policy = PolicyOf(SpecOfAllSenses());
  const contract::Batch batch = BatchOfAllSenses(6);
  const auto z = [&](uint64_t step, bool training) {
    return Imitate(*policy, batch, RandomStream(5, "step").Split(step), training).latents.z_BW;
  };
  EXPECT_TRUE(at::equal(z(1, true), z(1, true)));
  EXPECT_FALSE(at::equal(z(1, true), z(2, true)));
  EXPECT_TRUE(at::equal(z(1, false), z(2, false)));
}

TEST(SensesTest, TheCamerasOfARowAreVariedEachForItself) {
  const auto policy = PolicyOf(SpecOfAllSenses());
  const at::NoGradGuard no_grad;
  const std::vector<nn::Parameter> left = Named(*policy, "camera.0."), right = Named(*policy, "camera.1.");
  ASSERT_FALSE(left.empty());
  ASSERT_EQ(left.size(), right.size());
  for (size_t i = 0; i < left.size(); ++i) right[i].value.copy_(left[i].value);
  const PolicyRows rows = RowsOf(BatchOfAllSenses(6), policy->layout(), policy->normaliser());
  // Both stems are the same net and see the same picture, so the mean of their tokens is each of them: if both were
  // cropped alike, leaving one camera out would change nothing.
  PolicyRows alone = rows;
  alone.picture_present[1] = at::zeros({6}, at::kBool);
  for (const nn::Parameter& missing : Named(*policy, "camera.1.missing")) missing.value.zero_();
  const auto shallow = [&](const PolicyRows& of, const RandomStream* random) {
    return policy->network().Encode(of, random).shallow_BW;
  };
  EXPECT_TRUE(at::allclose(shallow(rows, nullptr), 2 * shallow(alone, nullptr), 1e-5, 1e-6));
  const RandomStream random(4, "pictures");
  EXPECT_FALSE(at::allclose(shallow(rows, &random), 2 * shallow(alone, &random), 1e-5, 1e-6));
}

TEST(SensesTest, GradientReachesEveryStemTouchAmongThem) {
  const auto policy = PolicyOf(SpecOfAllSenses());
  Imitate(*policy, BatchOfAllSenses(12), RandomStream(5, "step"), true).loss.backward();
  for (const std::string stem : {"state", "touch", "camera.0", "camera.1"}) {
    const auto parameters = Named(*policy, "." + stem + ".");
    EXPECT_FALSE(parameters.empty()) << stem;
    double norm = 0;
    for (const nn::Parameter& parameter : parameters) {
      if (parameter.value.grad().defined()) norm += parameter.value.grad().norm().item<double>();
    }
    EXPECT_GT(norm, 0) << stem;
  }
}

TEST(SensesTest, TouchHasATokenOfItsOwn) {
  PolicySpec spec = SpecOfAllSenses();
  const auto with = PolicyOf(spec);
  spec.layout.numbers.pop_back();
  const auto without = PolicyOf(spec);
  EXPECT_FALSE(Named(*with, "touch").empty());
  EXPECT_TRUE(Named(*without, "touch").empty());
  contract::Batch batch = BatchOfAllSenses(4);
  const auto z = [&] { return Imitate(*with, batch, RandomStream(5, "step"), false).latents.z_BW; };
  const at::Tensor before = z();
  batch.values["touch"] = batch.values["touch"] + 1;
  EXPECT_FALSE(at::equal(before, z()));
}

TEST(NormaliserTest, WhatHardlyMovesIsNotBlownUpAndIsRemembered) {
  const PolicyLayout layout = SmallLayout();
  contract::Statistics statistics = PlainStatistics(layout);
  statistics["state@arm"].std[1] = 2e-7;
  statistics["action@arm.delta"].min[0] = statistics["action@arm.delta"].max[0] = .3;
  const Normaliser made = Normaliser::Of(layout, statistics);
  EXPECT_THAT(made.numbers.floored, ::testing::ElementsAre("state@arm: y"));
  EXPECT_THAT(made.actions.floored, ::testing::ElementsAre("action@arm.delta: dx"));
  EXPECT_EQ(made.numbers.scale[1], kScaleFloor);
  EXPECT_EQ(made.actions.scale[0], kScaleFloor);
  EXPECT_EQ(made.numbers.scale[0], 1);
  // What stands in stats.safetensors says the same.
  const Normaliser again = Normaliser::FromTensors({made.ToTensors(), made.ToMetadata()}, layout, "stats");
  EXPECT_EQ(again.numbers.floored, made.numbers.floored);
  EXPECT_EQ(again.numbers.scale, made.numbers.scale);
}

}  // namespace
}  // namespace heddle::policy
