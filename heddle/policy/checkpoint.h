// A checkpoint: a folder with all that using a policy needs.
//
//   model.safetensors   its weights (the running mean of training), by self-describing names
//   config.json         what it reads and does, how its nets are built
//   stats.safetensors   its scales
//   card.yaml           under which conditions it may be used, and how (heddle/contract/card.h)
//   trunk.pt camera.pt  copies of the TorchScript modules that it is built with, if any
//
// and, beside these, what training needs to go on (heddle/train/trainer_state.h). Written under another name, synced
// and renamed: a checkpoint that is there is whole.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "heddle/contract/card.h"
#include "heddle/policy/policy.h"

namespace heddle::policy {

struct Checkpoint {
  std::unique_ptr<Policy> policy;
  contract::AdaptationCard card;
  std::filesystem::path folder;
  std::string hash;  // of weights, config, scales and modules: what the policy is, whatever its card says
};

// `values`: a block of the policy's parameters to be saved in place of its own (the running mean). `more` may write
// further files into the folder before it gets its name. There must be none of that name yet (DEMANDed).
void SaveCheckpoint(const std::filesystem::path& folder, const Policy& policy, const at::Tensor& values,
                    const contract::AdaptationCard& card,
                    const std::function<void(const std::filesystem::path& folder)>& more = {});

// Of a checkpoint's folder, or of a run's (its latest). kInput, naming file and field, where anything is missing or
// does not fit.
Checkpoint LoadCheckpoint(const std::filesystem::path& folder);

// The folder itself, or run/checkpoints/latest. Usage error if it is neither.
std::filesystem::path FindCheckpoint(const std::filesystem::path& folder);
bool LooksLikeCheckpoint(const std::filesystem::path& folder);  // or a run with one

// card.yaml anew, atomically.
void WriteCard(const std::filesystem::path& folder, const contract::AdaptationCard& card);
contract::AdaptationCard ReadCard(const std::filesystem::path& folder);

}  // namespace heddle::policy
