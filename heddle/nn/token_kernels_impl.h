// The kernels of token_kernels.h; included by mlp_kernels_impl.h behind its products, once for each instruction set.
#include <algorithm>
#include <cmath>

#include "heddle/nn/token_kernels.h"

namespace heddle::nn::HEDDLE_KERNELS {
namespace {

void Pack(const float* w, float* panels, int inputs, int outputs) {
  constexpr int kLine = 16;  // inputs at a time: whole cache lines are read, and what is written stays near
  const auto size = static_cast<std::size_t>(inputs);
  for (int first = 0; first < outputs; first += kColumnStep, panels += size * kColumnStep) {
    const int count = std::min(kColumnStep, outputs - first);
    if (count < kColumnStep) std::fill_n(panels, size * kColumnStep, 0.0f);
    for (int k = 0; k < inputs; k += kLine) {
      const int line = std::min(kLine, inputs - k);
      for (int o = 0; o < count; ++o) {
        const float* const from = w + static_cast<std::size_t>(first + o) * size + k;
        float* const to = panels + static_cast<std::size_t>(k) * kColumnStep + o;
        for (int i = 0; i < line; ++i) to[i * kColumnStep] = from[i];
      }
    }
  }
}

struct AddBias {
  const float* bias;
  Vec operator()(Vec sum, int, int column) const { return sum + Load(bias + column); }
};

void LinearOfTokens(const float* in, std::size_t ld_in, const float* panels, const float* bias, float* out,
                    std::size_t ld_out, int rows, int inputs, int outputs) {
  for (int first = 0; first < outputs; first += kColumnStep) {
    Multiply(RowMajor{in, ld_in}, panels, kColumnStep, out + first, ld_out, rows, kColumnStep, inputs,
             AddBias{bias + first});
    panels += static_cast<std::size_t>(inputs) * kColumnStep;
  }
}

// Σ of(x_i) in 16 partial sums that are then added pairwise.
template <class Of>
inline float SumOf(const float* x, int count, const Of& of) {
  constexpr int kSums = 16;
  float sums[kSums] = {};
  int i = 0;
  for (; i + kSums <= count; i += kSums) {
    for (int lane = 0; lane < kSums; ++lane) sums[lane] += of(x[i + lane]);
  }
  for (int lane = 0; i < count; ++i, ++lane) sums[lane] += of(x[i]);
  for (int half = kSums / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
  }
  return sums[0];
}

void ModulatedNorm(const float* x, const float* __restrict scale, const float* __restrict shift, float* __restrict out,
                   std::size_t ld, int rows, int width) {
  for (int row = 0; row < rows; ++row, x += ld, out += ld) {
    const float mean = SumOf(x, width, [](float value) { return value; }) / static_cast<float>(width);
    const float squares = SumOf(x, width, [&](float value) { return (value - mean) * (value - mean); });
    const float inverse = 1.0f / std::sqrt(squares / static_cast<float>(width) + 1e-5f);
    for (int i = 0; i < width; ++i) out[i] = (scale[i] + 1.0f) * ((x[i] - mean) * inverse) + shift[i];
  }
}

void AddGated(float* __restrict x, const float* __restrict gate, const float* __restrict y, std::size_t ld, int rows,
              int width) {
  for (int row = 0; row < rows; ++row, x += ld, y += ld) {
    for (int i = 0; i < width; ++i) x[i] += gate[i] * y[i];
  }
}

// (1 + tanh u) / 2 is the sigmoid of 2 u.
void Gelu(float* x, std::size_t ld, int rows, int width) {
  for (int row = 0; row < rows; ++row, x += ld) {
    for (int i = 0; i < width; ++i) x[i] *= Sigmoid(1.5957691216f * (x[i] + 0.044715f * x[i] * x[i] * x[i]));
  }
}

void Softmax(float* scores, int count, float scale) {
  const float largest = *std::max_element(scores, scores + count);
  for (int i = 0; i < count; ++i) scores[i] = Exponential(scale * (scores[i] - largest));
  const float inverse = 1.0f / SumOf(scores, count, [](float value) { return value; });
  for (int i = 0; i < count; ++i) scores[i] *= inverse;
}

// Keys are turned, and values copied, so that both products have rows of whole registers.
void Attend(const float* queries, std::size_t ld, float* out, std::size_t ld_out, const AttentionShape& shape,
            float* scratch) {
  const int tokens = shape.tokens, size = shape.head_size;
  const int padded_tokens = PaddedColumns(tokens), padded_size = PaddedColumns(size);
  const auto ld_tokens = static_cast<std::size_t>(padded_tokens), ld_size = static_cast<std::size_t>(padded_size);
  const auto width = static_cast<std::size_t>(shape.heads) * static_cast<std::size_t>(size);
  float *const keys = scratch, *const values = keys + static_cast<std::size_t>(size) * ld_tokens;
  float* const scores = values + static_cast<std::size_t>(tokens) * ld_size;
  float* const seen = scores + static_cast<std::size_t>(tokens) * ld_tokens;
  const float scale = 1.0f / std::sqrt(static_cast<float>(size));
  for (int head = 0; head < shape.heads; ++head, queries += size, out += size) {
    for (int t = 0; t < tokens; ++t) {
      const float* const key = queries + static_cast<std::size_t>(t) * ld + width;
      for (int d = 0; d < size; ++d) keys[static_cast<std::size_t>(d) * ld_tokens + t] = key[d];
      std::copy_n(key + width, size, values + static_cast<std::size_t>(t) * ld_size);
    }
    Multiply(RowMajor{queries, ld}, keys, ld_tokens, scores, ld_tokens, tokens, padded_tokens, size, Keep{});
    for (int t = 0; t < tokens; ++t) Softmax(scores + static_cast<std::size_t>(t) * ld_tokens, tokens, scale);
    Multiply(RowMajor{scores, ld_tokens}, values, ld_size, seen, ld_size, tokens, padded_size, tokens, Keep{});
    for (int t = 0; t < tokens; ++t)
      std::copy_n(seen + static_cast<std::size_t>(t) * ld_size, size, out + static_cast<std::size_t>(t) * ld_out);
  }
}

}  // namespace
}  // namespace heddle::nn::HEDDLE_KERNELS
