// The policies that the benchmarks measure, and batches for them, as a loader would give them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/policy/policy.h"

namespace heddle::benchmarks {

struct Measured {
  policy::PolicySpec spec;
  int64_t batch_size = 64;
};

// "mlp": a state policy of MLPs, 256 wide, 16 + 14 + 8 numbers, chunks of 8 x 7, flow, 64 rows. "image": the same with
// two cameras of 84 x 84, 32 rows. "transformer": state and touch, an encoder and a diffusion transformer of 4 blocks,
// 256 wide, chunks of 16 x 7, 64 rows. "diffusion": the MLPs with a diffusion head. `told`: the domain is a condition.
// Usage error for any other name.
Measured MeasuredPolicy(const std::string& name, bool told);

// With flat parameters and scales of 1.
std::unique_ptr<policy::Policy> MakePolicy(const Measured& measured);

// All rows have everything; numbers are normal, pictures noise.
contract::Batch MakeBatch(const Measured& measured, int64_t rows, uint64_t seed);

}  // namespace heddle::benchmarks
