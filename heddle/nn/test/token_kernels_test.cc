// The kernels of a transformer's forward pass against ATen in double precision, for each instruction set.
#include "heddle/nn/token_kernels.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "heddle/nn/mlp_kernels.h"
#include "heddle/nn/test/gradient_check.h"

namespace heddle::nn {
namespace {

constexpr int64_t kRows = 21, kRoom = 128;  // rows of tokens, and floats from one to the next

at::Tensor Floats(uint64_t seed, at::IntArrayRef sizes) { return Normals(seed, sizes).to(at::kFloat); }
float* At(const at::Tensor& value) { return value.mutable_data_ptr<float>(); }

// What `run` leaves for each table is close to `expected`, and of those with fused multiply-adds the same bits.
void ExpectOfAll(const at::Tensor& expected, const std::function<at::Tensor(const TokenKernels&)>& run) {
  const MlpKernels* tables[3];
  const int count = SupportedKernels(tables);
  at::Tensor first;
  for (int i = 0; i < count; ++i) {
    const at::Tensor out = run(tables[i]->tokens);
    EXPECT_LT((out.to(at::kDouble) - expected).abs().max().item<double>(), 1e-5) << tables[i]->name;
    if (std::string(tables[i]->name) == "baseline") continue;
    if (!first.defined()) first = out;
    EXPECT_TRUE(out.equal(first)) << tables[i]->name;
  }
}

TEST(TokenKernels, LinearIsTheProductForAnyNumberOfInputsAndOutputs) {
  for (const auto& [inputs, outputs] : {std::pair{1, 1}, {7, 64}, {17, 33}, {100, 7}, {32, 96}}) {
    const at::Tensor x = Floats(1, {kRows, kRoom}), w = Floats(2, {outputs, inputs}) * .1f;
    const at::Tensor bias = at::constant_pad_nd(Floats(3, {outputs}), {0, PaddedColumns(outputs) - outputs});
    const at::Tensor expected = at::linear(x.narrow(1, 0, inputs).to(at::kDouble), w.to(at::kDouble),
                                           bias.narrow(0, 0, outputs).to(at::kDouble));
    ExpectOfAll(expected, [&, k = inputs, n = outputs](const TokenKernels& kernels) {
      at::Tensor panels = at::full({PaddedColumns(n), k}, 1e9f), out = at::empty({kRows, kRoom});
      kernels.pack(At(w), At(panels), k, n);
      kernels.linear(At(x), kRoom, At(panels), At(bias), At(out), kRoom, kRows, k, PaddedColumns(n));
      return out.narrow(1, 0, n).contiguous();
    });
  }
}

TEST(TokenKernels, NormGateAndGeluAreTheirFormulas) {
  for (const int64_t width : {1, 8, 40, 100}) {
    const at::Tensor x = Floats(1, {kRows, kRoom}) * 3 + 1, y = Floats(2, {kRows, kRoom});
    const at::Tensor scale = Floats(3, {width}), shift = Floats(4, {width});
    const auto exact = [&](const at::Tensor& value) { return value.narrow(-1, 0, width).to(at::kDouble); };
    const auto kept = [&](const at::Tensor& value) { return value.narrow(1, 0, width).contiguous(); };
    const int columns = static_cast<int>(width);
    ExpectOfAll(at::layer_norm(exact(x), {width}) * (1 + exact(scale)) + exact(shift),
                [&](const TokenKernels& kernels) {
                  at::Tensor out = at::empty_like(x);
                  kernels.modulated_norm(At(x), At(scale), At(shift), At(out), kRoom, kRows, columns);
                  return kept(out);
                });
    ExpectOfAll(exact(x) + exact(scale) * exact(y), [&](const TokenKernels& kernels) {
      at::Tensor out = x.clone();
      kernels.add_gated(At(out), At(scale), At(y), kRoom, kRows, columns);
      return kept(out);
    });
    ExpectOfAll(at::gelu(exact(x), "tanh"), [&](const TokenKernels& kernels) {
      at::Tensor out = x.clone();
      kernels.gelu(At(out), kRoom, kRows, columns);
      return kept(out);
    });
  }
}

TEST(TokenKernels, AttendIsAttention) {
  for (const AttentionShape& shape : {AttentionShape{1, 1, 1}, {5, 3, 7}, {16, 2, 16}, {40, 1, 33}}) {
    const int64_t tokens = shape.tokens, heads = shape.heads, size = shape.head_size, width = heads * size;
    const at::Tensor qkv = Floats(1, {tokens, kRoom}) * 2;
    const at::Tensor parts =
        qkv.narrow(1, 0, 3 * width).to(at::kDouble).reshape({tokens, 3, heads, size}).permute({1, 2, 0, 3});
    const at::Tensor shares = (parts[0].matmul(parts[1].transpose(1, 2)) / std::sqrt(double(size))).softmax(-1);
    ExpectOfAll(shares.matmul(parts[2]).transpose(0, 1).reshape({tokens, width}), [&](const TokenKernels& kernels) {
      at::Tensor out = at::empty({tokens, kRoom});
      std::vector<float> scratch(shape.scratch());
      kernels.attend(At(qkv), kRoom, At(out), kRoom, shape, scratch.data());
      return out.narrow(1, 0, width).contiguous();
    });
  }
}

}  // namespace
}  // namespace heddle::nn
