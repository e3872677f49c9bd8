// heddle sim tasks: what can be simulated.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "heddle/core/json.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/renderer.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/world.h"

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

// The cameras of a task's scene with this body in it.
std::vector<std::string> CamerasWith(const sim::Task& task, const std::string& body) {
  sim::Gap gap;
  gap.embodiment = body;
  return sim::CameraNames(sim::World(task, gap, sim::MakeEmbodiment(body)->facts().usual_mode).model());
}

Json BodyJson(const sim::Task& task, const std::string& name) {
  const auto body = sim::MakeEmbodiment(name);
  Json actions = Json::object();
  for (const sim::ActionMode mode : {sim::ActionMode::kDelta, sim::ActionMode::kAbsolute}) {
    const sim::ActionSpace space = body->Actions(mode);
    actions[sim::ModeName(mode)] = {{"representation", space.representation}, {"names", space.names}};
  }
  return {{"name", name},
          {"usual_actions", sim::ModeName(body->facts().usual_mode)},
          {"actions", actions},
          {"state", body->facts().state_names},
          {"cameras", CamerasWith(task, name)}};
}

void PrintBody(const sim::Task& task, const std::string& name, std::ostream& out) {
  const auto body = sim::MakeEmbodiment(name);
  const sim::ActionMode usual = body->facts().usual_mode;
  out << "  " << name << ": actions " << sim::ModeName(usual) << " (" << Join(body->Actions(usual).names, " ")
      << ");\n      cameras " << Join(CamerasWith(task, name), ", ") << "\n";
}

void PrintGaps(std::ostream& out) {
  out << "\ngaps: joined by '+', each with a strength from 0 to 1.5 behind ':' if it is not 1\n";
  for (const sim::GapAxis& axis : sim::GapAxes()) {
    constexpr size_t kWidth = 20;
    out << "  " << std::string(axis.name).append(kWidth - axis.name.size(), ' ') << axis.about << "\n";
  }
}

int Run(bool json, const Console& console) {
  Json tasks = Json::array(), gaps = Json::array(), bodies = Json::array();
  for (const sim::TaskEntry& entry : sim::TaskList()) {
    const auto task = entry.make();
    if (json) {
      tasks.push_back(TaskJson(*task));
    } else {
      PrintTask(*task, console.out);
    }
  }
  const auto first = sim::TaskList().front().make();
  if (!json) console.out << "\nbodies\n";
  for (const std::string& name : sim::EmbodimentNames()) {
    if (json) {
      bodies.push_back(BodyJson(*first, name));
    } else {
      PrintBody(*first, name, console.out);
    }
  }
  for (const sim::GapAxis& axis : sim::GapAxes()) gaps.push_back({{"name", axis.name}, {"about", axis.about}});
  if (json) {
    console.out << DumpJson({{"tasks", tasks}, {"bodies", bodies}, {"gaps", gaps}}, 2) << "\n";
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
