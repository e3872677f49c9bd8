#include "heddle/train/read_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/read_file.h"
#include "heddle/core/text.h"
#include "heddle/core/yaml_document.h"

namespace heddle::train {
namespace {

bool HasKey(const std::string& text, const std::string& file, const std::string& key) {
  const YamlNode root = ParseYaml(text, {file});
  if (root.kind != YamlNode::Kind::kMap) return false;
  for (size_t i = 0; i < root.items.size(); i += 2) {
    if (root.items[i].text == key) return true;
  }
  return false;
}

// A module's file stands beside the file that names it; one that the command line names, where the command is given.
void ResolveScripts(RunOptions& options, const std::filesystem::path& folder) {
  std::string& objective = options.align.Of<align::ScriptOptions>().file;
  for (std::string* file : {&objective, &options.policy.trunk.script, &options.policy.camera.script}) {
    if (!file->empty()) *file = std::filesystem::absolute(folder / *file).lexically_normal().string();
  }
}

void Read(RunOptions& options, const std::string& yaml, const std::string& file, const std::string& method,
          const std::vector<std::string>& settings) {
  const OptionTree tree = OptionTree::Of("run", options);
  ReadYaml(tree, yaml, file);
  ResolveScripts(options, std::filesystem::path(file).parent_path());
  if (!method.empty()) SetByPath(tree, "method=" + method);
  for (const std::string& setting : settings) SetByPath(tree, setting);
  ResolveScripts(options, {});
}

void CheckSchedule(const RunOptions& options, const std::string& place) {
  const ScheduleOptions& schedule = options.schedule;
  if (schedule.kind == ScheduleKind::kConstant) {
    if (!schedule.at.empty() || !schedule.w.empty())
      ThrowUsage("schedule.kind is constant, and schedule.at or schedule.w is given", place,
                 "say ramp or stages, or leave them out");
    return;
  }
  if (options.w) ThrowUsage("w is given, and a schedule of it too", place, "leave one of them out");
  if (schedule.at.empty() || schedule.at.size() != schedule.w.size() || schedule.at.front() != 0)
    ThrowUsage("schedule.at and schedule.w need equally many values, and schedule.at begins with 0", place,
               "say e.g. schedule.at=[0, 0.5] and schedule.w=[0.8, 0.1]");
  for (size_t i = 1; i < schedule.at.size(); ++i) {
    if (!(schedule.at[i] > schedule.at[i - 1]))
      ThrowUsage("schedule.at must rise, and " + FormatDouble(schedule.at[i]) + " stands behind " +
                     FormatDouble(schedule.at[i - 1]),
                 place, "sort its points, and those of schedule.w with them");
  }
}

// What would be read and do nothing, or make the label that it is about say nothing.
void CheckConditions(const RunOptions& options, const std::string& place) {
  const std::vector<std::string>& keys = options.discern.condition.keys;
  if (keys.empty() && options.guidance != RunOptions().guidance)
    ThrowUsage("guidance is " + FormatDouble(options.guidance) + ", and the policy is told no label to be guided by",
               place, "name a method that conditions, such as cfg, or leave guidance out");
  if (!keys.empty() && options.discern.condition.dropout >= 1)
    ThrowUsage("discern.condition.dropout is 1, so the policy would never be shown a label", place, "give less than 1");
  for (size_t i = 0; i < keys.size(); ++i) {
    if (std::find(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(i), keys[i]) !=
        keys.begin() + static_cast<std::ptrdiff_t>(i))
      ThrowUsage("discern.condition.keys has '" + keys[i] + "' twice", place, "keep one of them");
  }
}

void CheckScripts(const RunOptions& options, const std::string& place) {
  const align::ScriptOptions& script = options.align.Of<align::ScriptOptions>();
  if (!script.file.empty() && script.weight == 0)
    ThrowUsage("align.script.file is named, and align.script.weight is 0", place, "give it a weight, or leave it out");
  if (!options.policy.camera.script.empty() && options.data.cameras.empty())
    ThrowUsage("policy.camera.script is named, and the policy sees no camera", place,
               "name one in data.cameras, or leave it out");
}

void Check(const RunOptions& options, const std::string& place) {
  CheckMethod(options, place);
  CheckSchedule(options, place);
  CheckConditions(options, place);
  CheckScripts(options, place);
  if (options.data.execute > options.data.action_steps) {
    ThrowUsage("data.execute is " + std::to_string(options.data.execute) + ", and a chunk has " +
                   std::to_string(options.data.action_steps) + " actions",
               place, "execute at most data.action_steps");
  }
  if (options.policy.head.sampler_steps > options.policy.head.noise_steps)
    ThrowUsage("policy.head.sampler_steps is more than policy.head.noise_steps", place, "give at most as many");
  if (options.policy.head.time_features % 2 != 0)
    ThrowUsage("policy.head.time_features is " + std::to_string(options.policy.head.time_features), place,
               "give an even number: sines and cosines");
}

}  // namespace

RunFile ReadRun(const std::filesystem::path& file, const std::string& method,
                const std::vector<std::string>& settings) {
  RunFile run;
  run.file = file;
  if (std::filesystem::is_directory(file)) {
    const bool is_run = std::filesystem::exists(file / "run.yaml");
    ThrowUsage("is a folder", file.string(),
               is_run ? "did you mean '" + (file / "run.yaml").string() + "'?" : "name a run.yaml or a mixture sheet");
  }
  const std::string text = ReadFile(file);
  const bool is_sheet = HasKey(text, file.string(), "sources");
  const std::string yaml = is_sheet ? "mixture: \"" + file.filename().string() + "\"\n" : text;
  // What a preset stands for is known once the method is; what the user wrote goes over it.
  RunOptions first;
  Read(first, yaml, file.string(), method, settings);
  run.options.method = first.method;
  ApplyMethod(run.options);
  Read(run.options, yaml, file.string(), method, settings);
  Check(run.options, file.string());
  run.sheet = mixture::Sheet::Load(file.parent_path() / run.options.mixture);
  return run;
}

std::string RunYaml(RunOptions options) { return WriteYaml(OptionTree::Of("run", options)); }

std::string RunHash(RunOptions options) {
  options.log = {};
  return Hash(OptionTree::Of("run", options));
}

}  // namespace heddle::train
