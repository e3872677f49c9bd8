// A run's folder:
//
//   run.yaml mixture.yaml provenance.json metrics.jsonl checkpoints/NNNNNNN/ checkpoints/latest
//   latents/NNNNNNN.safetensors
//
// run.yaml and mixture.yaml are the resolved ones: the run can be made again from its folder alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "heddle/core/folder_lock.h"
#include "heddle/train/setup.h"
#include "heddle/train/trainer_state.h"

namespace heddle::train {

class RunFolder {
 public:
  // Makes the folder, or finds the same run in it, and holds it as long as this lives. Usage error if another process
  // does, if another run is there, naming what differs, or if there is anything that is of no run; kSystem where it
  // can't be written. A run that has no step yet is not there.
  RunFolder(std::filesystem::path folder, const RunFile& run);
  // Writes down which run it is, once that is known to fit its data: of a run that is there, nothing.
  void Begin(const RunFile& run, const std::string& code_version) const;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path metrics() const { return folder_ / "metrics.jsonl"; }
  std::filesystem::path CheckpointOf(int64_t step) const;
  std::filesystem::path LatentsOf(int64_t step) const;

  // The last whole checkpoint with a trainer's state, if there is one; `latest` then points to it. kInput where it is
  // damaged, or where checkpoints are there and none has a state.
  std::optional<TrainerState> LastState(const nn::ParameterSet& parameters, const RunInputs& inputs) const;
  // A checkpoint, and `latest` pointing to it. The trainer's state of the one before is removed: it is of no use any
  // more. Of a checkpoint that is there already only this may be new: that its validation is made.
  void Save(const RunSetup& setup, const TrainerState& state, const RunInputs& inputs) const;

  // Rows of metrics.jsonl beyond the step belong to steps that will be done again: they are dropped. So is the step's
  // own validation where it is still due.
  void CutMetrics(int64_t step, bool validation_due) const;

 private:
  bool HasBegun() const;
  void RequireNothingElse(const RunFile& run) const;
  void PointLatestTo(const std::string& name) const;

  std::filesystem::path folder_;
  std::optional<FolderLock> lock_;
};

}  // namespace heddle::train
