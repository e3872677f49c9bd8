// Compiled for whatever the build's processor family guarantees.
#define HEDDLE_KERNELS baseline
#define HEDDLE_KERNELS_NAME "baseline"
#define HEDDLE_LANES 4
#define HEDDLE_TILE_ROWS 4
#define HEDDLE_TILE_VECTORS 2
#include "heddle/nn/mlp_kernels_impl.h"
