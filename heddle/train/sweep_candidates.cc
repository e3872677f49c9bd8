#include "heddle/train/sweep_candidates.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"
#include "heddle/train/setup.h"

namespace heddle::train {
namespace {

RunFile RunOf(const SweepSpec& spec, const std::string& setting) {
  std::vector<std::string> settings = spec.settings;
  settings.push_back(setting);
  try {
    RunFile run = ReadRun(spec.file, spec.method, settings);
    run.options.log.validate_every = std::max<int64_t>(1, run.options.steps / 4);
    return run;
  } catch (const Error& error) {
    if (error.where() != "--set " + setting) throw;
    throw Error(error.kind(), error.message(), "--over " + setting, error.mend());
  }
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::vector<SweepCandidate> Unchecked(const SweepSpec& spec) {
  std::vector<SweepCandidate> candidates;
  for (const std::string& value : spec.over.values) {
    const std::string name = spec.over.key + "=" + value;
    candidates.push_back({.name = name, .folder = spec.folder / "trials" / name, .run = RunOf(spec, name)});
  }
  return candidates;
}

}  // namespace

std::vector<SweepCandidate> CandidatesOf(const SweepSpec& spec) {
  std::vector<SweepCandidate> candidates = Unchecked(spec);
  for (const SweepCandidate& candidate : candidates) SetUpRun(candidate.run);
  return candidates;
}

bool CanBeScored(const SweepCandidate& candidate) {
  const RunSetup setup = SetUpRun(candidate.run);
  const auto& actions = setup.policy->layout().actions;
  const auto action = std::ranges::find_if(actions, [&](const policy::ActionOutput& own) {
    return own.embodiment == setup.card.embodiment && own.representation == setup.card.action.representation;
  });
  return std::ranges::any_of(setup.bound.mixture.sources, [&](const mixture::Source& source) {
    const auto slots = source.map.slots.find(action->name);
    const bool missing = slots != source.map.slots.end() && slots->second.begin()->second.missing;
    return source.domain_name() == setup.sheet.target && !source.holdout.empty() && !missing;
  });
}

std::string SweepBase(const SweepSpec& spec) {
  const RunFile run = ReadRun(spec.file, spec.method, spec.settings);
  return Sha256Hex(RunHash(run.options) + CanonicalJson(mixture::ToJson(run.sheet, /*whole_paths=*/true)));
}

std::vector<std::string> SweepCommands(const SweepSpec& spec) {
  std::vector<std::string> commands;
  for (const SweepCandidate& candidate : Unchecked(spec)) {
    std::string command = "heddle train " + Quoted(spec.file.string());
    if (!spec.method.empty()) command += " --method " + Quoted(spec.method);
    for (const std::string& setting : spec.settings) command += " --set " + Quoted(setting);
    command += " --set " + Quoted(candidate.name) +
               " --set log.validate_every=" + std::to_string(candidate.run.options.log.validate_every);
    commands.push_back(command + " --out " + Quoted(candidate.folder.string()));
  }
  return commands;
}

std::string SlurmHint(size_t commands) {
  return "# Saved as commands.txt, one Slurm array: sbatch --array=1-" + std::to_string(commands) +
         R"sh( --wrap='eval "$(sed -n "${SLURM_ARRAY_TASK_ID}p" commands.txt)"')sh" +
         "\n# Once all are done, the same search without --print-commands compares them.\n";
}

}  // namespace heddle::train
