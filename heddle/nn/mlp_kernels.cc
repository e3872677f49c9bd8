#include "heddle/nn/mlp_kernels.h"

namespace heddle::nn {

#ifdef __x86_64__
namespace avx512 {
extern const MlpKernels kTable;
}
namespace avx2 {
extern const MlpKernels kTable;
}
#endif
namespace baseline {
extern const MlpKernels kTable;
}

int SupportedKernels(const MlpKernels* (&tables)[3]) {
  int count = 0;
#ifdef __x86_64__
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512cd");
  if (has_avx512) tables[count++] = &avx512::kTable;
  if (has_avx2) tables[count++] = &avx2::kTable;
#endif
  tables[count++] = &baseline::kTable;
  return count;
}

const MlpKernels& KernelsOfMachine() {
  const MlpKernels* tables[3];
  SupportedKernels(tables);
  return *tables[0];
}

}  // namespace heddle::nn
