// The building blocks of stems, trunks and heads: gradients by finite differences, what depends on what, how they
// begin.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"
#include "heddle/nn/conv_stem.h"
#include "heddle/nn/dit.h"
#include "heddle/nn/group_norm_silu.h"
#include "heddle/nn/linear_product.h"
#include "heddle/nn/test/gradient_check.h"
#include "heddle/nn/transformer.h"

namespace heddle::nn {
namespace {

class Blocks : public ::testing::Test {
 protected:
  ParameterSet parameters_{RandomStream(3, "blocks"), at::kDouble};
  ParameterScope scope_ = parameters_.Scope("block");
};

double Largest(const at::Tensor& value) { return value.abs().max().item<double>(); }

TEST_F(Blocks, AttentionHasTheGradientOfFiniteDifferences) {
  const SelfAttention attention(scope_, 4, 2);
  Shake(parameters_, 0.5);
  const at::Tensor tokens = Normals(1, {2, 3, 4});
  CheckGradients([&] { return attention(tokens); }, parameters_, {tokens});
}

// Softmax of every pair, by plain loops.
at::Tensor AttendedByLoops(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values) {
  at::Tensor out = at::zeros_like(queries);
  for (int64_t to = 0; to < queries.size(0); ++to) {
    const at::Tensor shares = (keys.mv(queries[to]) / std::sqrt(static_cast<double>(keys.size(1)))).softmax(0);
    for (int64_t from = 0; from < keys.size(0); ++from) out[to] += shares[from] * values[from];
  }
  return out;
}

TEST_F(Blocks, AttentionIsItsFormula) {
  const SelfAttention attention(scope_, 6, 2);
  Shake(parameters_, 0.5);
  const auto named = [&](const std::string& name) {
    for (const Parameter& parameter : parameters_.all()) {
      if (parameter.name == "block." + name) return parameter.value.detach();
    }
    return at::Tensor();
  };
  const at::Tensor tokens = Normals(1, {1, 4, 6});
  const at::Tensor all = at::linear(tokens[0], named("qkv.weight"), named("qkv.bias"));
  std::vector<at::Tensor> heads;
  for (int64_t head = 0; head < 2; ++head) {
    heads.push_back(
        AttendedByLoops(all.narrow(1, 3 * head, 3), all.narrow(1, 6 + 3 * head, 3), all.narrow(1, 12 + 3 * head, 3)));
  }
  const at::Tensor expected = at::linear(at::cat(heads, 1), named("out.weight"), named("out.bias"));
  EXPECT_LT(Largest(attention(tokens)[0].detach() - expected), 1e-12);
}

TEST_F(Blocks, TransformerHasTheGradientOfFiniteDifferences) {
  const TransformerEncoder encoder(scope_, {.tokens = 3, .width = 4, .layers = 2, .heads = 2});
  Shake(parameters_, 0.5);
  const at::Tensor tokens = Normals(1, {2, 3, 4});
  CheckGradients([&] { return encoder(tokens); }, parameters_, {tokens}, 3);
}

TEST_F(Blocks, TransformerTellsTokensApartByTheirPlace) {
  const TransformerEncoder encoder(scope_, {.tokens = 3, .width = 4, .layers = 1, .heads = 2});
  Shake(parameters_, 0.5);
  const at::NoGradGuard no_gradient;
  const at::Tensor tokens = Normals(1, {2, 3, 4});
  EXPECT_GT(Largest(encoder(tokens).flip(1) - encoder(tokens.flip(1))), 1e-3);
  EXPECT_LT(Largest(encoder(tokens).flip(0) - encoder(tokens.flip(0))), 1e-12);  // rows do not see each other
}

constexpr DiffusionTransformerShape kTiny{
    .latent = 3, .time_features = 4, .tokens = 3, .token_size = 2, .width = 4, .layers = 2, .heads = 2};

TEST_F(Blocks, DiffusionTransformerHasTheGradientOfFiniteDifferences) {
  const DiffusionTransformer net(scope_, kTiny);
  Shake(parameters_, 0.4);
  const at::Tensor latent = Normals(1, {2, 3}), tokens = Normals(2, {2, 3, 2}), time = Normals(3, {2, 4});
  CheckGradients([&] { return net(latent, tokens, time); }, parameters_, {latent, tokens, time}, 3);
}

TEST_F(Blocks, DiffusionTransformerBeginsWithNothing) {
  const DiffusionTransformer net(scope_, kTiny);
  EXPECT_EQ(Largest(net(Normals(1, {2, 3}), Normals(2, {2, 3, 2}), Normals(3, {2, 4}))), 0);
}

TEST_F(Blocks, EveryTokenOfADiffusionTransformerSeesTheOthers) {
  const DiffusionTransformer net(scope_, kTiny);
  Shake(parameters_, 0.4);
  at::Tensor tokens = Normals(2, {1, 3, 2}).requires_grad_();
  net(Normals(1, {1, 3}), tokens, Normals(3, {1, 4}))[0][0].sum().backward();
  EXPECT_GT(tokens.grad().abs().min().item<double>(), 1e-6);
}

TEST_F(Blocks, ConvStemHasTheGradientOfFiniteDifferences) {
  const ConvStem stem(scope_, 1, 8, 2);
  Shake(parameters_, 0.1);
  at::Tensor picture = Normals(1, {1, 1, 32, 33});
  const at::Tensor weights = Normals(2, {1, 2});
  const auto loss = [&] { return (stem(picture) * weights).sum(); };
  picture.requires_grad_();
  loss().backward();
  // Along random directions: it has too many numbers to move one at a time.
  const auto slope_along = [&](const at::Tensor& place, const at::Tensor& direction) {
    const at::NoGradGuard no_gradient;
    const at::Tensor kept = place.clone();
    place.add_(direction, 1e-5);
    const double above = loss().item<double>();
    place.copy_(kept).sub_(direction, 1e-5);
    const double below = loss().item<double>();
    place.copy_(kept);
    return (above - below) / 2e-5;
  };
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const at::Tensor in_picture = Normals(seed, picture.sizes());
    EXPECT_NEAR(slope_along(picture.detach(), in_picture), (in_picture * picture.grad()).sum().item<double>(), 1e-6);
    for (const Parameter& parameter : parameters_.all()) {
      const at::Tensor direction = Normals(seed + 10, parameter.value.sizes());
      const double slope = (direction * parameter.value.grad()).sum().item<double>();
      EXPECT_NEAR(slope_along(parameter.value.detach(), direction), slope, 1e-6) << parameter.name;
      EXPECT_GT(std::abs(slope), 1e-8) << parameter.name;
    }
  }
  EXPECT_GT(picture.grad().abs().min().item<double>(), 0);  // every pixel counts
}

TEST_F(Blocks, GroupNormWithSiluInOneIsTheSameAsInTwo) {
  for (const int64_t channels : {8, 24, 64}) {
    const auto numbers = [](uint64_t seed, at::IntArrayRef sizes) { return Normals(seed, sizes).to(at::kFloat); };
    const at::Tensor wanted = numbers(4, {3, channels, 5, 7});
    const auto run = [&](bool in_one) {
      at::Tensor map = (numbers(1, {3, channels, 5, 7}) * 3 + 1).contiguous(at::MemoryFormat::ChannelsLast);
      at::Tensor gain = numbers(2, {channels}), shift = numbers(3, {channels});
      std::vector<at::Tensor> inputs = {map.requires_grad_(), gain.requires_grad_(), shift.requires_grad_()};
      const at::Tensor out =
          in_one ? GroupNormSilu(map, 8, gain, shift) : at::silu(at::group_norm(map, 8, gain, shift));
      (out * wanted).sum().backward();
      return std::vector<at::Tensor>{out.detach(), map.grad(), gain.grad(), shift.grad()};
    };
    const std::vector<at::Tensor> one = run(true), two = run(false);
    for (size_t i = 0; i < one.size(); ++i)
      EXPECT_LT(Largest(one[i] - two[i]) / Largest(two[i]), 3e-6) << i << " of " << channels << " channels";
  }
}

TEST_F(Blocks, LargeProductsAreTheSameAsSmallOnes) {
  const auto numbers = [](uint64_t seed, at::IntArrayRef sizes) { return Normals(seed, sizes).to(at::kFloat); };
  const at::Tensor towards = numbers(4, {2, 128, 512});
  const auto run = [&](bool large) {
    at::Tensor x = numbers(1, {2, 128, 256}), weight = numbers(2, {512, 256}), bias = numbers(3, {512});
    x.requires_grad_(), weight.requires_grad_(), bias.requires_grad_();
    const at::Tensor y = large ? LinearProduct(x, weight, bias) : at::linear(x, weight, bias);
    (y * towards).sum().backward();
    return std::vector<at::Tensor>{y.detach(), x.grad(), weight.grad(), bias.grad()};
  };
  const std::vector<at::Tensor> large = run(true), usual = run(false);
  for (size_t i = 0; i < large.size(); ++i) {
    ASSERT_EQ(large[i].sizes(), usual[i].sizes());
    EXPECT_LT(Largest(large[i] - usual[i]) / Largest(usual[i]), 3e-6) << i;
  }
}

TEST_F(Blocks, ConvStemGivesTheSameForBothOrdersOfMemory) {
  const ConvStem stem(scope_, 3, 8, 5);
  const at::NoGradGuard no_gradient;
  const at::Tensor picture = Normals(1, {2, 3, 40, 48});
  EXPECT_LT(Largest(stem(picture) - stem(picture.contiguous(at::MemoryFormat::ChannelsLast))), 1e-12);
}

TEST_F(Blocks, ConvStemSaysWhereSomethingIs) {
  // The mean place of a bright spot moves with the spot: a linear map of the token finds it.
  const ConvStem stem(scope_, 1, 8, 32);
  const at::NoGradGuard no_gradient;
  std::vector<at::Tensor> tokens, places;
  for (int64_t x = 8; x < 56; x += 4) {
    for (int64_t y = 8; y < 56; y += 4) {
      at::Tensor picture = at::zeros({1, 1, 64, 64}, at::kDouble);
      picture.narrow(2, y, 6).narrow(3, x, 6).fill_(2);
      tokens.push_back(stem(picture));
      places.push_back(at::tensor({static_cast<double>(x), static_cast<double>(y)}, at::kDouble));
    }
  }
  const at::Tensor inputs = at::cat({at::cat(tokens), at::ones({144, 1}, at::kDouble)}, 1), wanted = at::stack(places);
  const at::Tensor gram = inputs.t().mm(inputs) + 1e-9 * at::eye(33, at::kDouble);
  const at::Tensor found = inputs.mm(at::linalg_solve(gram, inputs.t().mm(wanted)));
  EXPECT_LT((found - wanted).abs().mean().item<double>(), 1.5);  // pixels, of 64
}

TEST_F(Blocks, ConvStemRefusesPicturesTooSmallForIt) {
  const ConvStem stem(scope_, 1, 8, 2);
  EXPECT_THROW(stem(at::zeros({1, 1, 31, 40}, at::kDouble)), Error);
}

}  // namespace
}  // namespace heddle::nn
