// The runs of a search, made ready and checked before the first of them trains.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/train/read_run.h"
#include "heddle/train/sweep_over.h"

namespace heddle::train {

// What is searched, from which run, and where to.
struct SweepSpec {
  std::filesystem::path file = {}, folder = {};
  std::string method = {};
  std::vector<std::string> settings = {};  // as heddle train takes them
  SweepOver over = {};
};

struct SweepCandidate {
  std::string name;  // "w=0.1"
  std::filesystem::path folder;
  RunFile run;  // validated at each rung, whatever the file says of its log
};

// Each of them was set up once: whatever a value has wrong is told here, and by the value.
std::vector<SweepCandidate> CandidatesOf(const SweepSpec& spec);

// The target has held-out episodes with actions, by which candidates can be told.
bool CanBeScored(const SweepCandidate& candidate);

// What has to agree for trials to be comparable: SHA-256 of the run without what is searched, and of its sheet.
std::string SweepBase(const SweepSpec& spec);

// A command for each candidate, to be run to its end anywhere; the same search then finds the runs done.
std::vector<std::string> SweepCommands(const SweepSpec& spec);
// How as many commands, saved in a file a line each, are one Slurm array: lines that a shell ignores.
std::string SlurmHint(size_t commands);

}  // namespace heddle::train
