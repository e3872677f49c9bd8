#include "heddle/tensor/threads.h"

#include <ATen/Parallel.h>

namespace heddle::tensor {

void SetTensorThreads(const ThreadBudget& budget) { at::set_num_threads(budget.threads()); }

}  // namespace heddle::tensor
