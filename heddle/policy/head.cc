#include "heddle/policy/head.h"

#include "heddle/core/error.h"
#include "heddle/policy/mlp_head.h"

namespace heddle::policy {

std::unique_ptr<Head> MakeHead(const nn::ParameterScope& scope, const HeadOptions& options, const HeadSizes& sizes) {
  if (options.kind == HeadKind::kMlp) return std::make_unique<MlpHead>(scope, options, sizes);
  ThrowUsage("is not built yet", "policy.head.kind", "mlp");
}

}  // namespace heddle::policy
