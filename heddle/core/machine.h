// What this machine lets the process use: cores, memory, instruction set.
#pragma once

#include <cstdint>

namespace heddle {

// Cores that this process may run on: its affinity mask, capped by the quota of its control group. At least 1.
int UsableCores();

// Memory that this process may use, in bytes: the machine's, capped by the limit of its control group.
int64_t UsableMemoryBytes();

// Memory that this process has in use now, in bytes; 0 where the system does not say.
int64_t ResidentMemoryBytes();

// The most that it has had in use at once so far, in bytes.
int64_t PeakMemoryBytes();

// The vector instructions that hand-written kernels choose from.
enum class InstructionSet { kBaseline, kAvx2, kAvx512 };

// The widest that this processor has: kAvx2 means AVX2 and FMA, kAvx512 means F, BW, DQ and VL too.
InstructionSet BestInstructionSet();

const char* InstructionSetName(InstructionSet set);

}  // namespace heddle
