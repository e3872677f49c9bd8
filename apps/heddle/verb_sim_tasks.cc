// heddle sim tasks: what can be simulated.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/json.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/task_list.h"

namespace heddle::cli {
namespace {

using Json = nlohmann::ordered_json;

Json TaskJson(sim::Task& task) {
  const sim::TaskFacts facts = task.facts();
  return {{"name", facts.name},
          {"about", facts.about},
          {"options", ToJson(task.Options())},
          {"cameras", facts.cameras},
          {"stages", facts.stages},
          {"strategies", facts.strategies},
          {"failure_labels", facts.failure_labels},
          {"horizon", facts.horizon},
          {"control_hz", facts.control_hz}};
}

std::string OptionText(const OptionField& field) {
  return field.name + "=" + field.default_text + " (" + Join(field.info.names, "|") + "): " + field.info.doc;
}

void PrintTask(sim::Task& task, std::ostream& out) {
  const sim::TaskFacts facts = task.facts();
  out << facts.name << "\n  " << facts.about << "\n";
  const auto line = [&](const char* name, const std::string& text) {
    constexpr size_t kWidth = 12;
    out << "  " << std::string(name).append(kWidth - std::string(name).size(), ' ') << text << "\n";
  };
  const OptionTree options = task.Options();
  for (const OptionField& field : options.fields()) line("--set", OptionText(field));
  line("strategies", Join(facts.strategies, ", "));
  line("cameras", Join(facts.cameras, ", "));
  line("stages", Join(facts.stages, ", "));
  line("failures", Join(facts.failure_labels, ", "));
  line("horizon", std::to_string(facts.horizon) + " steps at " + FormatDouble(facts.control_hz) + " Hz");
}

void PrintGaps(std::ostream& out) {
  out << "\ngaps: joined by '+', each with a strength from 0 to 1.5 behind ':' if it is not 1\n";
  for (const sim::GapAxis& axis : sim::GapAxes()) {
    constexpr size_t kWidth = 20;
    out << "  " << std::string(axis.name).append(kWidth - axis.name.size(), ' ') << axis.about << "\n";
  }
}

int Run(bool json, const Console& console) {
  Json tasks = Json::array(), gaps = Json::array();
  for (const sim::TaskEntry& entry : sim::TaskList()) {
    const auto task = entry.make();
    if (json) {
      tasks.push_back(TaskJson(*task));
    } else {
      PrintTask(*task, console.out);
    }
  }
  for (const sim::GapAxis& axis : sim::GapAxes()) gaps.push_back({{"name", axis.name}, {"about", axis.about}});
  if (json) {
    console.out << DumpJson({{"tasks", tasks}, {"gaps", gaps}}, 2) << "\n";
  } else {
    PrintGaps(console.out);
  }
  return kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  AddJsonFlag(app, *json);
  return [json](const Console& console) { return Run(*json, console); };
}

}  // namespace

Verb SimTasksVerb() {
  return {
      .name = "sim tasks",
      .group = VerbGroup::kSim,
      .reads = "nothing",
      .leaves = "the tasks and gaps that can be simulated",
      .about = "Lists the simulated tasks with their options, strategies, cameras and failure labels, and the gaps.",
      .example = "heddle sim tasks",
      .add = Add};
}

}  // namespace heddle::cli
