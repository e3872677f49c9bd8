// Compiled for AVX-512 (see CMakeLists.txt of the project: this file alone gets the flag).
#define HEDDLE_KERNELS avx512
#define HEDDLE_KERNELS_NAME "avx512"
#define HEDDLE_LANES 16
#define HEDDLE_TILE_ROWS 8
#define HEDDLE_TILE_VECTORS 2
#include "heddle/nn/mlp_kernels_impl.h"
