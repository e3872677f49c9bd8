// The kernels of mlp_kernels.h, written once over the compiler's vector types. A source file for each instruction set
// defines HEDDLE_KERNELS (the namespace), HEDDLE_LANES (floats a register) and HEDDLE_TILE_ROWS, HEDDLE_TILE_VECTORS
// (the block of outputs that is held in registers), and includes this file.
#include <cmath>
#include <cstring>

#include "heddle/nn/mlp_kernels.h"
#include "heddle/nn/norm_kernels_impl.h"

namespace heddle::nn::HEDDLE_KERNELS {
namespace {

constexpr int kLanes = HEDDLE_LANES;
constexpr int kTileRows = HEDDLE_TILE_ROWS;
constexpr int kTileVectors = HEDDLE_TILE_VECTORS;
constexpr int kTileColumns = kLanes * kTileVectors;
static_assert(kColumnStep % kTileColumns == 0);

using Vec __attribute__((vector_size(kLanes * sizeof(float)))) = float;

inline Vec Load(const float* p) {
  Vec v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}
inline void Store(float* p, const Vec& v) { std::memcpy(p, &v, sizeof(v)); }
inline Vec Fill(float x) { return x - Vec{}; }

// What happens to a finished block of sums before it is stored.
struct AddBiasRelu {
  const float* bias;
  Vec operator()(Vec sum, int, int column) const {
    const Vec x = sum + Load(bias + column);
    return x > 0.0f ? x : Vec{};
  }
};
struct MaskByActivation {
  const float* act;
  std::size_t ld;
  Vec operator()(Vec sum, int row, int column) const {
    return Load(act + static_cast<std::size_t>(row) * ld + column) > 0.0f ? sum : Vec{};
  }
};
struct Keep {
  Vec operator()(Vec sum, int, int) const { return sum; }
};

// How the left operand is walked: element (row i, reduction index k).
struct RowMajor {  // a_MK
  const float* a;
  std::size_t ld;
  float At(int i, int k) const { return a[static_cast<std::size_t>(i) * ld + k]; }
};
struct ColumnMajor {  // a_KM, used as its transpose
  const float* a;
  std::size_t ld;
  float At(int i, int k) const { return a[static_cast<std::size_t>(k) * ld + i]; }
};

// c[row0.., column0..] for a block of Rows x kTileColumns: the sums live in registers for the whole reduction.
template <int Rows, class Left, class Finish>
inline void Block(const Left& left, const float* b, std::size_t ld_b, float* c, std::size_t ld_c, int row0, int column0,
                  int reduce, const Finish& finish) {
  Vec sums[Rows][kTileVectors] = {};
  const float* b_row = b + column0;
  for (int k = 0; k < reduce; ++k, b_row += ld_b) {
    Vec right[kTileVectors];
    for (int j = 0; j < kTileVectors; ++j) right[j] = Load(b_row + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const float x = left.At(row0 + i, k);
#pragma GCC unroll 4
      for (int j = 0; j < kTileVectors; ++j) sums[i][j] += x * right[j];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) {
    for (int j = 0; j < kTileVectors; ++j) {
      const int column = column0 + j * kLanes;
      Store(c + static_cast<std::size_t>(row0 + i) * ld_c + column, finish(sums[i][j], row0 + i, column));
    }
  }
}

template <int Rows, class Left, class Finish>
void BlockRemainder(int rows_left, const Left& left, const float* b, std::size_t ld_b, float* c, std::size_t ld_c,
                    int row0, int column0, int reduce, const Finish& finish) {
  if constexpr (Rows > 0) {
    if (rows_left == Rows) {
      Block<Rows>(left, b, ld_b, c, ld_c, row0, column0, reduce, finish);
    } else {
      BlockRemainder<Rows - 1>(rows_left, left, b, ld_b, c, ld_c, row0, column0, reduce, finish);
    }
  }
}

// c_MN = left_MK · b_KN. The panel of b under one column of blocks stays in the first-level cache.
template <class Left, class Finish>
void Multiply(const Left& left, const float* b, std::size_t ld_b, float* c, std::size_t ld_c, int rows, int columns,
              int reduce, const Finish& finish) {
  for (int column = 0; column < columns; column += kTileColumns) {
    int row = 0;
    for (; row + kTileRows <= rows; row += kTileRows) {
      Block<kTileRows>(left, b, ld_b, c, ld_c, row, column, reduce, finish);
    }
    BlockRemainder<kTileRows - 1>(rows - row, left, b, ld_b, c, ld_c, row, column, reduce, finish);
  }
}

void ForwardHidden(const float* in, std::size_t ld_in, const float* w, std::size_t ld_w, const float* bias, float* out,
                   std::size_t ld_out, int batch, int inputs, int outputs) {
  Multiply(RowMajor{in, ld_in}, w, ld_w, out, ld_out, batch, outputs, inputs, AddBiasRelu{bias});
}

void BackwardHidden(const float* d_out, std::size_t ld_d, const float* wt, std::size_t ld_wt, const float* act,
                    std::size_t ld_act, float* d_in, std::size_t ld_d_in, int batch, int outputs, int inputs) {
  Multiply(RowMajor{d_out, ld_d}, wt, ld_wt, d_in, ld_d_in, batch, inputs, outputs, MaskByActivation{act, ld_act});
}

void ColumnSums(const float* d, std::size_t ld, float* sums, int rows, int columns) {
  for (int column = 0; column < columns; column += kTileColumns) {
    Vec sum[kTileVectors] = {};
    for (int row = 0; row < rows; ++row) {
      for (int j = 0; j < kTileVectors; ++j)
        sum[j] += Load(d + static_cast<std::size_t>(row) * ld + column + j * kLanes);
    }
    for (int j = 0; j < kTileVectors; ++j) Store(sums + column + j * kLanes, sum[j]);
  }
}

void GradientHidden(const float* in, std::size_t ld_in, const float* d_out, std::size_t ld_d, float* grad,
                    std::size_t ld_grad, float* grad_bias, int batch, int inputs, int outputs) {
  Multiply(ColumnMajor{in, ld_in}, d_out, ld_d, grad, ld_grad, inputs, outputs, batch, Keep{});
  ColumnSums(d_out, ld_d, grad_bias, batch, outputs);
}

// Sum of the products of two rows in 16 partial sums that are then added pairwise: the same order for all register
// widths.
inline float Dot(const float* a, const float* b, int count) {
  constexpr int kParts = 16 / kLanes;
  Vec parts[kParts] = {};
  for (int k = 0; k < count; k += 16) {
    for (int j = 0; j < kParts; ++j) parts[j] += Load(a + k + j * kLanes) * Load(b + k + j * kLanes);
  }
  float sums[16];
  for (int j = 0; j < kParts; ++j) Store(sums + j * kLanes, parts[j]);
  for (int half = 8; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) sums[i] += sums[i + half];
  }
  return sums[0];
}

void ForwardOutput(const float* in, std::size_t ld_in, const float* w, std::size_t ld_w, const float* bias, float* out,
                   int batch, int inputs, int outputs) {
  for (int row = 0; row < batch; ++row) {
    for (int o = 0; o < outputs; ++o) out[row * outputs + o] = bias[o] + Dot(in + row * ld_in, w + o * ld_w, inputs);
  }
}

void BackwardOutput(const float* d_out, const float* w, std::size_t ld_w, const float* act, std::size_t ld_act,
                    float* d_in, std::size_t ld_d_in, int batch, int outputs, int inputs) {
  for (int row = 0; row < batch; ++row) {
    for (int column = 0; column < inputs; column += kLanes) {
      Vec sum = {};
      for (int o = 0; o < outputs; ++o) sum += d_out[row * outputs + o] * Load(w + o * ld_w + column);
      Store(d_in + row * ld_d_in + column, Load(act + row * ld_act + column) > 0.0f ? sum : Vec{});
    }
  }
}

void GradientOutput(const float* in, std::size_t ld_in, const float* d_out, float* grad, std::size_t ld_grad,
                    float* grad_bias, int batch, int inputs, int outputs) {
  for (int o = 0; o < outputs; ++o) {
    for (int column = 0; column < inputs; column += kTileColumns) {
      Vec sums[kTileVectors] = {};
      for (int row = 0; row < batch; ++row) {
        const float d = d_out[row * outputs + o];
        for (int j = 0; j < kTileVectors; ++j) sums[j] += d * Load(in + row * ld_in + column + j * kLanes);
      }
      for (int j = 0; j < kTileVectors; ++j) Store(grad + o * ld_grad + column + j * kLanes, sums[j]);
    }
    float sum = 0.0f;
    for (int row = 0; row < batch; ++row) sum += d_out[row * outputs + o];
    grad_bias[o] = sum;
  }
}

void Adam(float* __restrict p, const float* __restrict g, float* __restrict m, float* __restrict v, std::size_t count,
          const AdamStep& step) {
  const float beta1 = step.beta1, beta2 = step.beta2, rest1 = 1.0f - step.beta1, rest2 = 1.0f - step.beta2;
  const float scale = step.step_size, root = step.inverse_root_correction, epsilon = step.epsilon;
#pragma GCC ivdep
  for (std::size_t i = 0; i < count; ++i) {
    const float m_new = beta1 * m[i] + rest1 * g[i];
    const float v_new = beta2 * v[i] + rest2 * (g[i] * g[i]);
    m[i] = m_new;
    v[i] = v_new;
    p[i] -= scale * m_new / (std::sqrt(v_new) * root + epsilon);
  }
}

void AdamW(float* __restrict p, float* __restrict g, float* __restrict m, float* __restrict v, float* __restrict mean,
           std::size_t count, const AdamWStep& step) {
  const AdamStep& adam = step.adam;
  const float beta1 = adam.beta1, beta2 = adam.beta2, rest1 = 1.0f - adam.beta1, rest2 = 1.0f - adam.beta2;
  const float scale = adam.step_size, root = adam.inverse_root_correction, epsilon = adam.epsilon;
  const float keep = step.keep, clip = step.gradient_scale, mean_rest = step.mean_rest;
#pragma GCC ivdep
  for (std::size_t i = 0; i < count; ++i) {
    const float gradient = clip * g[i];
    const float m_new = beta1 * m[i] + rest1 * gradient;
    const float v_new = beta2 * v[i] + rest2 * (gradient * gradient);
    const float p_new = keep * p[i] - scale * m_new / (std::sqrt(v_new) * root + epsilon);
    m[i] = m_new;
    v[i] = v_new;
    p[i] = p_new;
    mean[i] += mean_rest * (p_new - mean[i]);
    g[i] = 0;
  }
}

double SumOfSquares(const float* values, std::size_t count) {
  constexpr std::size_t kSums = 16;
  float lanes[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums <= count; i += kSums) {
    for (std::size_t lane = 0; lane < kSums; ++lane) lanes[lane] += values[i + lane] * values[i + lane];
  }
  double sum = 0;
  for (; i < count; ++i) sum += double(values[i]) * double(values[i]);
  for (const float lane : lanes) sum += double(lane);
  return sum;
}

void Transpose(const float* w, std::size_t ld_w, float* wt, std::size_t ld_wt, int rows, int columns) {
  constexpr int kSide = 8;
  for (int row = 0; row < rows; row += kSide) {
    for (int column = 0; column < columns; column += kSide) {
      for (int j = 0; j < kSide; ++j) {
        float line[kSide];
        for (int i = 0; i < kSide; ++i) line[i] = w[static_cast<std::size_t>(row + i) * ld_w + column + j];
        std::memcpy(wt + static_cast<std::size_t>(column + j) * ld_wt + row, line, sizeof(line));
      }
    }
  }
}

}  // namespace
}  // namespace heddle::nn::HEDDLE_KERNELS

#include "heddle/nn/token_kernels_impl.h"

namespace heddle::nn::HEDDLE_KERNELS {

extern const MlpKernels kTable;
const MlpKernels kTable = {HEDDLE_KERNELS_NAME,
                           ForwardHidden,
                           ForwardOutput,
                           BackwardHidden,
                           BackwardOutput,
                           GradientHidden,
                           GradientOutput,
                           Adam,
                           AdamW,
                           SumOfSquares,
                           Transpose,
                           {ChannelSums, ChannelSquares, ScaledSilu, ScaledSiluBackward, Combine},
                           {Pack, LinearOfTokens, ModulatedNorm, AddGated, Gelu, Attend}};

}  // namespace heddle::nn::HEDDLE_KERNELS
