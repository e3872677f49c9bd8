// A latents file, as heddle diagnose reads it and as any framework can write it (docs/reference/training.md).
//
//   z, shallow   float32 [n, d]     domain, episode, frame   int64 [n]     further labels, such as source or success
//   action       float32 [n, c]: a chunk, normalised; 0 where the row has none
//   condition    int64 [n, K], the labels that the head is told for such a row, 0 for none; effect float32 [n]
//   (heddle/policy/label_effect.h) metadata     domains and conditions: their names, a line each
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace heddle::policy {

struct LatentsTable {
  at::Tensor z_NW, shallow_NW, action_NC, condition_NK, effect_N;
  std::map<std::string, std::vector<int64_t>> labels;  // domain, episode, frame, ...
  std::vector<std::string> domains, conditions;
  std::map<std::string, std::string> about;  // further metadata: step, checkpoint, ...
};

// Whole or not at all.
void WriteLatents(const std::filesystem::path& file, const LatentsTable& table);

}  // namespace heddle::policy
