// A run's folder:
//
//   run.yaml mixture.yaml provenance.json metrics.jsonl checkpoints/NNNNNNN/ checkpoints/latest
//   latents/NNNNNNN.safetensors
//
// run.yaml and mixture.yaml are the resolved ones: the run can be made again from its folder alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "heddle/nn/adamw.h"
#include "heddle/train/setup.h"

namespace heddle::train {

// What training needs to go on exactly: trainer.safetensors and trainer.json of a checkpoint.
struct TrainerState {
  int64_t step = 0;   // steps done
  at::Tensor values;  // all parameters, of objectives too
  nn::AdamWState moments;
  int64_t skipped = 0;  // steps
};

class RunFolder {
 public:
  // Makes the folder, or finds the same run in it. Usage error if another run is there, naming what differs, or if
  // there is anything that is of no run; kSystem where it can't be written. A run that has no step yet is not there.
  RunFolder(std::filesystem::path folder, const RunFile& run);
  // Writes down which run it is, once that is known to fit its data: of a run that is there, nothing.
  void Begin(const RunFile& run, const std::string& code_version) const;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path metrics() const { return folder_ / "metrics.jsonl"; }
  std::filesystem::path CheckpointOf(int64_t step) const;
  std::filesystem::path LatentsOf(int64_t step) const;

  // The last whole checkpoint with a trainer's state, if there is one; `latest` then points to it. kInput where it is
  // damaged, or where checkpoints are there and none has a state.
  std::optional<TrainerState> LastState(const nn::ParameterSet& parameters, const std::string& mixture_hash) const;
  // A checkpoint, and `latest` pointing to it. The trainer's state of the one before is removed: it is of no use any
  // more.
  void Save(const RunSetup& setup, const TrainerState& state) const;

  // Rows of metrics.jsonl beyond the step belong to steps that will be done again: they are dropped.
  void CutMetrics(int64_t step) const;

 private:
  bool HasBegun() const;
  void PointLatestTo(const std::string& name) const;

  std::filesystem::path folder_;
};

}  // namespace heddle::train
