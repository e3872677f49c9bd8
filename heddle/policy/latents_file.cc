#include "heddle/policy/latents_file.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"
#include "heddle/core/text.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {

void WriteLatents(const std::filesystem::path& file, const LatentsTable& table) {
  const int64_t rows = table.z_NW.size(0);
  tensor::NamedTensors tensors = {{"z", table.z_NW},
                                  {"shallow", table.shallow_NW},
                                  {"action", table.action_NC},
                                  {"condition", table.condition_NK},
                                  {"effect", table.effect_N}};
  for (const auto& [name, values] : table.labels) tensors[name] = tensor::CopyOf<int64_t>(values, {rows});
  for (const auto& [name, tensor] : tensors) HEDDLE_DEMAND(tensor.size(0) == rows);
  tensor::Metadata about = table.about;
  about["domains"] = Join(table.domains, "\n");
  about["conditions"] = Join(table.conditions, "\n");
  tensor::WriteSafetensors(file, tensors, about);
}

}  // namespace heddle::policy
