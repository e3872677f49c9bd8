// A diffusion transformer's quick pass against the differentiable one.
#include "heddle/nn/dit_forward.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "heddle/nn/adamw.h"
#include "heddle/nn/test/gradient_check.h"
#include "heddle/nn/with_values.h"

namespace heddle::nn {
namespace {

double Largest(const at::Tensor& value) { return value.abs().max().item<double>(); }

// A net that says something, and what it is asked, by its number.
struct Asked {
  ParameterSet parameters;
  DiffusionTransformer net;
  at::Tensor latent_BC, times_LF;

  Asked(const DiffusionTransformerShape& shape, int64_t rows, int64_t levels, at::ScalarType type = at::kFloat)
      : parameters(RandomStream(3, "forward"), type),
        net(parameters.Scope("net"), shape),
        latent_BC(Normals(1, {rows, shape.latent}).to(type)),
        times_LF(Normals(2, {levels, shape.time_features}).to(type)),
        tokens_(shape.tokens),
        token_size_(shape.token_size) {
    parameters.Flatten();
    parameters.CopyIn((Normals(99, {parameters.num_elements()}) * 0.3).to(type));
  }

  at::Tensor Noised(int64_t level) const {
    return Normals(10 + static_cast<uint64_t>(level), {latent_BC.size(0), tokens_, token_size_}).to(times_LF.dtype());
  }
  at::Tensor Said(int64_t level) const {
    return net(latent_BC, Noised(level), times_LF.narrow(0, level, 1).expand({latent_BC.size(0), -1})).detach();
  }

 private:
  int64_t tokens_, token_size_;
};

void ExpectSame(const Asked& asked, DitForward& forward, int64_t level) {
  const at::Tensor expected = asked.Said(level), said = forward.Clean(asked.Noised(level), level);
  ASSERT_EQ(said.sizes(), expected.sizes());
  EXPECT_GT(Largest(expected), 1e-2);
  EXPECT_LT(Largest(said - expected), 2e-5 * Largest(expected)) << "level " << level;
}

constexpr DiffusionTransformerShape kMiddling{
    .latent = 20, .time_features = 8, .tokens = 16, .token_size = 7, .width = 64, .layers = 2, .heads = 4};

TEST(DitForward, SaysWhatTheNetSaysAtOddSizes) {
  const std::vector<DiffusionTransformerShape> shapes = {
      kMiddling,
      {.latent = 3, .time_features = 2, .tokens = 1, .token_size = 1, .width = 8, .layers = 1, .heads = 8},
      {.latent = 5, .time_features = 4, .tokens = 5, .token_size = 33, .width = 8, .layers = 2, .heads = 2},
      {.latent = 17, .time_features = 6, .tokens = 33, .token_size = 3, .width = 30, .layers = 3, .heads = 3},
      {.latent = 1, .time_features = 2, .tokens = 70, .token_size = 2, .width = 72, .layers = 1, .heads = 1}};
  for (const DiffusionTransformerShape& shape : shapes) {
    for (const int64_t rows : {1, 2, 3, 13}) {
      SCOPED_TRACE(std::to_string(shape.width) + " wide, " + std::to_string(rows) + " rows");
      const Asked asked(shape, rows, 3);
      DitForward forward(asked.net);
      forward.Begin(asked.latent_BC, asked.times_LF);
      for (const int64_t level : {0, 1, 2, 0}) ExpectSame(asked, forward, level);
    }
  }
}

TEST(DitForward, LevelsMayBeMoreThanAreComputedAtOnceAndInAnyOrder) {
  const Asked asked(kMiddling, 5, 40);
  DitForward forward(asked.net);
  forward.Begin(asked.latent_BC, asked.times_LF);
  for (int64_t level = 0; level < 40; ++level) ExpectSame(asked, forward, level);
  for (const int64_t level : {39, 3, 20, 19, 0}) ExpectSame(asked, forward, level);
}

TEST(DitForward, InDoublePrecisionItIsTheNetItself) {
  const Asked asked(kMiddling, 2, 3, at::kDouble);
  DitForward forward(asked.net);
  forward.Begin(asked.latent_BC, asked.times_LF);
  for (int64_t level = 0; level < 3; ++level)
    EXPECT_LT(Largest(forward.Clean(asked.Noised(level), level) - asked.Said(level)), 1e-12);
}

TEST(DitForward, BeginSeesAStepOfTrainingAndOtherValues) {
  Asked asked(kMiddling, 2, 2);
  DitForward forward(asked.net);
  const auto said = [&] {
    forward.Begin(asked.latent_BC, asked.times_LF);
    ExpectSame(asked, forward, 1);
    return forward.Clean(asked.Noised(1), 1);
  };
  const at::Tensor first = said();
  AdamW optimiser(asked.parameters, {.ema_decay = 0.5});
  asked.parameters.gradients().fill_(1);
  optimiser.Step(1e-2);
  const at::Tensor trained = said();
  EXPECT_GT(Largest(trained - first), 1e-3);
  {
    const WithValues mean(asked.parameters, optimiser.state().ema);
    EXPECT_GT(Largest(said() - trained), 1e-4);
  }
  EXPECT_TRUE(said().equal(trained));
}

TEST(DitForward, ARowsBitsAreTheSameAloneAndInAnyPlace) {
  const Asked asked(kMiddling, 11, 7);
  DitForward forward(asked.net);
  const at::Tensor order = at::arange(10, -1, -1), noised = asked.Noised(6);
  const auto said = [&](const at::Tensor& latent_BC, const at::Tensor& noised_BTD) {
    forward.Begin(latent_BC, asked.times_LF);
    return forward.Clean(noised_BTD, 6);
  };
  const int threads = at::get_num_threads();
  for (const int each : {1, 2, 3}) {
    at::set_num_threads(each);
    const at::Tensor there = said(asked.latent_BC, noised);
    const at::Tensor back = said(asked.latent_BC.index_select(0, order), noised.index_select(0, order));
    EXPECT_TRUE(there.equal(back.index_select(0, order))) << each << " threads";
    const at::Tensor alone = said(asked.latent_BC.narrow(0, 5, 1), noised.narrow(0, 5, 1));
    EXPECT_TRUE(there.narrow(0, 5, 1).equal(alone)) << each << " threads";
  }
  at::set_num_threads(threads);
}

}  // namespace
}  // namespace heddle::nn
