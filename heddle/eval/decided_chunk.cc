#include "heddle/eval/decided_chunk.h"

#include <ATen/ATen.h>

#include "heddle/policy/latents_file.h"
#include "heddle/tensor/views.h"

namespace heddle::eval {
namespace {

at::Tensor Stacked(const std::vector<DecidedChunk>& chunks, std::vector<float> DecidedChunk::* of) {
  std::vector<at::Tensor> rows;
  for (const DecidedChunk& chunk : chunks) {
    const std::vector<float>& row = chunk.*of;
    rows.push_back(tensor::CopyOf<float>(row, {static_cast<int64_t>(row.size())}));
  }
  return at::stack(rows);
}

at::Tensor ConditionOf(const DecidedChunk& chunk) {
  std::vector<int64_t> told;
  for (const auto& [key, value] : chunk.condition) told.push_back(value);
  return tensor::CopyOf<int64_t>(told, {static_cast<int64_t>(told.size())});
}

}  // namespace

void WriteDecisions(const std::filesystem::path& file, const std::vector<DecidedChunk>& chunks, int64_t episode_seed,
                    bool success, const std::map<std::string, std::string>& about) {
  policy::LatentsTable table;
  table.z_NW = Stacked(chunks, &DecidedChunk::z);
  table.shallow_NW = Stacked(chunks, &DecidedChunk::shallow);
  table.action_NC = Stacked(chunks, &DecidedChunk::chunk);
  std::vector<at::Tensor> told;
  std::vector<float> effects;
  for (const DecidedChunk& chunk : chunks) {
    told.push_back(ConditionOf(chunk));
    effects.push_back(chunk.effect);
    table.labels["frame"].push_back(chunk.step);
  }
  table.condition_NK = at::stack(told);
  table.effect_N = tensor::CopyOf<float>(effects, {static_cast<int64_t>(effects.size())});
  table.labels["domain"].assign(chunks.size(), 0);
  table.labels["episode"].assign(chunks.size(), episode_seed);
  table.labels["success"].assign(chunks.size(), success ? 1 : 0);
  table.domains = {"closed loop"};
  for (const auto& [key, value] : chunks.front().condition) table.conditions.push_back(key);
  table.about = about;
  policy::WriteLatents(file, table);
}

}  // namespace heddle::eval
