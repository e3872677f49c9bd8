// The batch half of RandomStream: many Philox blocks at once, turned into floats, in loops that vectorise.
//
// Blocks first_block .. first_block + ceil(n/4) - 1 of the stream (key, id) give four values each, in order. The widest
// instruction set of the machine is chosen at run time; the bits do not depend on it (random_test proves it).
#pragma once

#include <cstdint>
#include <span>

#include "heddle/core/machine.h"

namespace heddle {

void FillNormalBlocks(uint64_t key, uint64_t id, uint64_t first_block, std::span<float> out, InstructionSet set);
void FillUniformBlocks(uint64_t key, uint64_t id, uint64_t first_block, std::span<float> out, InstructionSet set);

}  // namespace heddle
