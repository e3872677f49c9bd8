// libtorch's own threads are part of the one budget of the process.
#pragma once

#include "heddle/core/parallel.h"

namespace heddle::tensor {

// From here on libtorch computes a single operation on at most so many threads. Process-wide for threads that have not
// used libtorch yet, and for the caller; called once at the start, and with a budget of 1 where many small computations
// run side by side (heddle/core/parallel.h), as threads of both kinds would otherwise multiply.
void SetTensorThreads(const ThreadBudget& budget);

}  // namespace heddle::tensor
