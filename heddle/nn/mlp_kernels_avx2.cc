// Compiled for AVX2 with FMA (this file alone gets the flag).
#define HEDDLE_KERNELS avx2
#define HEDDLE_KERNELS_NAME "avx2"
#define HEDDLE_LANES 8
#define HEDDLE_TILE_ROWS 6
#define HEDDLE_TILE_VECTORS 2
#include "heddle/nn/mlp_kernels_impl.h"
