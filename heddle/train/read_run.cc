#include "heddle/train/read_run.h"

#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/options.h"
#include "heddle/core/read_file.h"
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

void Read(RunOptions& options, const std::string& yaml, const std::string& file, const std::string& method,
          const std::vector<std::string>& settings) {
  const OptionTree tree = OptionTree::Of("run", options);
  ReadYaml(tree, yaml, file);
  if (!method.empty()) SetByPath(tree, "method=" + method);
  for (const std::string& setting : settings) SetByPath(tree, setting);
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
    ThrowUsage("schedule.at and schedule.w need equally many values, and schedule.at begins with 0", place);
  for (size_t i = 1; i < schedule.at.size(); ++i) {
    if (!(schedule.at[i] > schedule.at[i - 1])) ThrowUsage("schedule.at must rise", place);
  }
}

void Check(const RunOptions& options, const std::string& place) {
  CheckMethod(options, place);
  CheckSchedule(options, place);
  if (options.data.execute > options.data.action_steps) {
    ThrowUsage("data.execute is " + std::to_string(options.data.execute) + ", and a chunk has " +
                   std::to_string(options.data.action_steps) + " actions",
               place, "execute at most data.action_steps");
  }
  if (options.policy.head.sampler_steps > options.policy.head.noise_steps)
    ThrowUsage("policy.head.sampler_steps is more than policy.head.noise_steps", place, "give at most as many");
}

}  // namespace

RunFile ReadRun(const std::filesystem::path& file, const std::string& method,
                const std::vector<std::string>& settings) {
  RunFile run;
  run.file = file;
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
