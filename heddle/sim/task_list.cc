#include "heddle/sim/task_list.h"

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::sim {

std::unique_ptr<Task> MakeTask(const std::string& name) {
  std::vector<std::string> names;
  for (const TaskEntry& entry : TaskList()) {
    if (entry.name == name) return entry.make();
    names.push_back(entry.name);
  }
  ThrowUsage("'" + name + "' is no task", "task", SuggestName(name, names));
}

}  // namespace heddle::sim
