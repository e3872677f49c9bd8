// What training needs to go on exactly: trainer.safetensors and trainer.json of a checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "heddle/nn/adamw.h"
#include "heddle/nn/parameters.h"
#include "heddle/train/not_finite.h"
#include "heddle/train/setup.h"

namespace heddle::train {

// What a run is made of beside its options, which must be the same where it goes on.
struct RunInputs {
  std::string mixture_hash;
  std::map<std::string, std::string> datasets;  // source -> what its dataset is
  std::map<std::string, std::string> scripts;   // option -> SHA-256 of the TorchScript module that it names

  // kSystem where a module can't be read.
  static RunInputs Of(const RunSetup& setup);
};

struct TrainerState {
  int64_t step = 0;   // steps done
  at::Tensor values;  // all parameters, of objectives too
  nn::AdamWState moments;
  int64_t skipped = 0;                         // steps
  std::vector<NotFiniteStep> not_finite = {};  // the last steps, if they were skipped: on end
  bool validation_due = false;                 // one was abandoned at this step, and is made where training goes on
};

void WriteTrainerState(const std::filesystem::path& checkpoint, const TrainerState& state, const RunInputs& inputs);

bool HasTrainerState(const std::filesystem::path& checkpoint);
// Of the checkpoint of this step. kInput, naming file and field, where it is damaged; a usage error, naming the source
// or the option, where the inputs are no longer the same.
TrainerState ReadTrainerState(const std::filesystem::path& checkpoint, int64_t step, const nn::ParameterSet& parameters,
                              const RunInputs& inputs);
// The validation that was due is made.
void MarkValidated(const std::filesystem::path& checkpoint);
void RemoveTrainerState(const std::filesystem::path& checkpoint);

}  // namespace heddle::train
