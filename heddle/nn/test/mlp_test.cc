#include "heddle/nn/mlp.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "heddle/core/error.h"
#include "heddle/nn/mlp_worker.h"

namespace heddle::nn {
namespace {

constexpr int kBatch = 37;  // no multiple of any tile

// A stack of one net with inputs and targets drawn at random, and the same net in ATen.
struct Case {
  MlpShape shape;
  MlpStack stack;
  std::vector<float> inputs, targets;

  explicit Case(MlpShape s) : shape(s), stack(s, 1) {
    RandomStream random(11, "mlp test");
    stack.Initialise(0, random);
    inputs.resize(std::size_t(kBatch) * std::size_t(shape.inputs));
    targets.resize(std::size_t(kBatch) * std::size_t(shape.outputs));
    random.FillNormal(inputs);
    random.FillNormal(targets);
  }
  void FillInputs(MlpWorker& worker) const {
    for (int b = 0; b < kBatch; ++b) {
      std::copy_n(inputs.begin() + b * shape.inputs, shape.inputs, worker.input_row(b).begin());
    }
  }
  at::Tensor Weights(int layer) {
    const MlpLayout& layout = stack.layout();
    const bool last = layer == shape.hidden_layers;
    const int rows = last ? shape.outputs : (layer == 0 ? shape.inputs : shape.width);
    return at::from_blob(stack.parameters(0).data() + layout.weights(layer), {rows, shape.width},
                         {std::int64_t(layout.row()), 1}, at::kFloat);
  }
  at::Tensor Bias(int layer) {
    return at::from_blob(stack.parameters(0).data() + stack.layout().bias(layer),
                         {layer == shape.hidden_layers ? shape.outputs : shape.width}, at::kFloat);
  }
};

struct Reference {
  at::Tensor loss;
  std::vector<at::Tensor> weights, biases;  // in double, with gradients
  at::Tensor outputs;
};

Reference RunInAten(Case& c) {
  Reference r;
  at::Tensor x = at::from_blob(c.inputs.data(), {kBatch, c.shape.inputs}, at::kFloat).to(at::kDouble);
  const at::Tensor y = at::from_blob(c.targets.data(), {kBatch, c.shape.outputs}, at::kFloat).to(at::kDouble);
  for (int layer = 0; layer <= c.shape.hidden_layers; ++layer) {
    r.weights.push_back(c.Weights(layer).to(at::kDouble).clone().requires_grad_(true));
    r.biases.push_back(c.Bias(layer).to(at::kDouble).clone().requires_grad_(true));
    const bool last = layer == c.shape.hidden_layers;
    x = at::matmul(x, last ? r.weights.back().t() : r.weights.back()) + r.biases.back();
    if (!last) x = at::relu(x);
  }
  r.outputs = x;
  r.loss = at::mse_loss(x, y);
  r.loss.backward();
  return r;
}

class MlpKernelsTest : public ::testing::TestWithParam<int> {
 protected:
  const MlpKernels* Kernels() {
    const MlpKernels* tables[3];
    const int count = SupportedKernels(tables);
    return GetParam() < count ? tables[GetParam()] : nullptr;
  }
};

TEST_P(MlpKernelsTest, OutputsAndGradientsEqualAutograd) {
  if (!Kernels()) GTEST_SKIP() << "this machine lacks the instruction set";
  for (const MlpShape& shape : {MlpShape{21, 128, 3, 2}, MlpShape{5, 32, 1, 3}, MlpShape{24, 96, 2, 1}}) {
    Case c(shape);
    MlpWorker worker(c.stack.layout(), kBatch, *Kernels());
    c.FillInputs(worker);
    worker.Forward(c.stack.parameters(0), kBatch);
    const float loss = worker.SetMeanSquaredError(c.targets, kBatch);
    std::vector<float> gradient(c.stack.layout().size());
    worker.Backward(c.stack.parameters(0), gradient, kBatch);

    const Reference expected = RunInAten(c);
    EXPECT_NEAR(loss, expected.loss.item<double>(), 1e-6);
    std::vector<float> outputs(worker.outputs(kBatch).begin(), worker.outputs(kBatch).end());
    EXPECT_TRUE(at::allclose(at::from_blob(outputs.data(), {kBatch, shape.outputs}, at::kFloat).to(at::kDouble),
                             expected.outputs, 1e-5, 1e-6));
    for (int layer = 0; layer <= shape.hidden_layers; ++layer) {
      const MlpLayout& layout = c.stack.layout();
      const at::Tensor& w = expected.weights[std::size_t(layer)];
      const at::Tensor got =
          at::from_blob(gradient.data() + layout.weights(layer), w.sizes(), {std::int64_t(layout.row()), 1}, at::kFloat)
              .to(at::kDouble);
      EXPECT_LT((got - w.grad()).abs().max().item<double>(), 1e-6) << "layer " << layer;
      const at::Tensor& b = expected.biases[std::size_t(layer)];
      const at::Tensor got_b =
          at::from_blob(gradient.data() + layout.bias(layer), b.sizes(), at::kFloat).to(at::kDouble);
      EXPECT_LT((got_b - b.grad()).abs().max().item<double>(), 1e-6) << "bias " << layer;
    }
  }
}

TEST_P(MlpKernelsTest, AStepIsAdamByItsDefinition) {
  if (!Kernels()) GTEST_SKIP() << "this machine lacks the instruction set";
  Case c(MlpShape{21, 64, 3, 2});
  MlpWorker worker(c.stack.layout(), kBatch, *Kernels());
  AdamState state(c.stack.layout());
  const std::size_t size = c.stack.layout().size();
  std::vector<double> p(c.stack.parameters(0).begin(), c.stack.parameters(0).end()), m(size), v(size);
  for (int t = 1; t <= 5; ++t) {
    c.FillInputs(worker);
    worker.Forward(c.stack.parameters(0), kBatch);
    worker.SetMeanSquaredError(c.targets, kBatch);
    std::vector<float> g(size);
    worker.Backward(c.stack.parameters(0), g, kBatch);
    const double lr = 1e-2, correction1 = 1 - std::pow(.9, t), correction2 = 1 - std::pow(.999, t);
    worker.Step(c.stack.parameters(0), state,
                AdamStep{.9f, .999f, 1e-8f, float(lr / correction1), float(1 / std::sqrt(correction2))}, kBatch);
    for (std::size_t i = 0; i < size; ++i) {
      m[i] = .9 * m[i] + .1 * double(g[i]);
      v[i] = .999 * v[i] + .001 * double(g[i]) * double(g[i]);
      p[i] -= lr * (m[i] / correction1) / (std::sqrt(v[i] / correction2) + 1e-8);
    }
    for (std::size_t i = 0; i < size; ++i)
      ASSERT_NEAR(c.stack.parameters(0)[i], p[i], 2e-5) << "step " << t << " at " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, MlpKernelsTest, ::testing::Values(0, 1, 2));

TEST(Mlp, Avx2AndAvx512GiveTheSameBits) {
  const MlpKernels* tables[3];
  if (SupportedKernels(tables) < 3) GTEST_SKIP() << "this machine has not both";
  std::vector<float> after[2];
  for (int i = 0; i < 2; ++i) {
    Case c(MlpShape{21, 128, 3, 2});
    MlpWorker worker(c.stack.layout(), kBatch, *tables[i]);
    AdamState state(c.stack.layout());
    for (int t = 0; t < 20; ++t) {
      c.FillInputs(worker);
      worker.Forward(c.stack.parameters(0), kBatch);
      worker.SetMeanSquaredError(c.targets, kBatch);
      worker.Step(c.stack.parameters(0), state, AdamStep{.9f, .999f, 1e-8f, 1e-3f, 1.5f}, kBatch);
    }
    after[i].assign(c.stack.parameters(0).begin(), c.stack.parameters(0).end());
  }
  EXPECT_EQ(after[0], after[1]);
}

TEST(Mlp, PaddingStaysZeroWhileTraining) {
  Case c(MlpShape{21, 64, 2, 2});
  MlpWorker worker(c.stack.layout(), kBatch);
  AdamState state(c.stack.layout());
  for (int t = 0; t < 3; ++t) {
    c.FillInputs(worker);
    worker.Forward(c.stack.parameters(0), kBatch);
    worker.SetMeanSquaredError(c.targets, kBatch);
    worker.Step(c.stack.parameters(0), state, AdamStep{.9f, .999f, 1e-8f, 1e-2f, 1.f}, kBatch);
  }
  const MlpLayout& layout = c.stack.layout();
  for (int row = 0; row < layout.padded_inputs(); ++row) {
    const auto begin =
        c.stack.parameters(0).begin() + std::ptrdiff_t(layout.weights(0) + std::size_t(row) * layout.row());
    for (int j = row < 21 ? 64 : 0; j < 64 + kRowPadding; ++j) EXPECT_EQ(begin[j], 0.0f) << row << "," << j;
  }
}

TEST(Mlp, InitialWeightsAreUniformByFanIn) {
  MlpStack stack(MlpShape{21, 128, 3, 2}, 2);
  RandomStream random(3, "init");
  stack.Initialise(1, random);
  for (const float p : stack.parameters(0)) ASSERT_EQ(p, 0.0f);  // another net is not touched
  const MlpLayout& layout = stack.layout();
  double sum_of_squares = 0;
  for (int i = 0; i < 128; ++i) {
    for (int j = 0; j < 128; ++j) {
      const double p = stack.parameters(1)[layout.weights(1) + std::size_t(i) * layout.row() + std::size_t(j)];
      EXPECT_LE(std::abs(p), 1 / std::sqrt(128.0));
      sum_of_squares += p * p;
    }
  }
  EXPECT_NEAR(sum_of_squares / (128 * 128), 1.0 / 128 / 3, 2e-4);  // variance of a uniform: bound²/3
}

TEST(Mlp, AWidthThatDoesNotFitIsRefusedByName) {
  try {
    MlpStack stack(MlpShape{21, 100, 3, 2}, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("multiple of 32"));
  }
}

TEST(Mlp, CountsTheOperationsOfAStep) {
  // 21-128-128-128-2: forward 2(21·128 + 2·128² + 128·2); backward twice that less the gradient to the inputs.
  const MlpShape shape{21, 128, 3, 2};
  EXPECT_EQ(shape.forward_flops(), 71424);
  EXPECT_EQ(shape.training_flops(), 3 * 71424 - 2 * 21 * 128);
}

}  // namespace
}  // namespace heddle::nn
