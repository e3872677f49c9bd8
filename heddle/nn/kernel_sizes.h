// How matrices lie in memory for the kernels: row-major float, with room at the end of each row.
#pragma once

namespace heddle::nn {

inline constexpr int kColumnStep = 32;  // the products' outputs are a multiple of this
inline constexpr int kRowStep = 8;      // the small nets' inputs are padded with zeros to a multiple of this
// Rows are this much longer than their width: at a power of two they would all fall into the same few cache sets.
inline constexpr int kRowPadding = 16;

inline constexpr int PaddedColumns(int columns) { return (columns + kColumnStep - 1) / kColumnStep * kColumnStep; }

}  // namespace heddle::nn
