// Instructions: the table of tasks, the episode table, and task_index of the rows.
#include <algorithm>
#include <map>
#include <set>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

bool IsBlank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

class Tasks : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    std::map<std::string, size_t> seen;
    for (size_t i = 0; i < facts.tasks.size(); ++i) {
      const std::string& text = facts.tasks[i];
      if (IsBlank(text)) {
        findings.Add("task-empty", {}, "task " + std::to_string(i) + " has no text", {{"task_index", i}});
      } else if (const auto [first, added] = seen.emplace(text, i); !added) {
        findings.Add(
            "task-doubled", {},
            "tasks " + std::to_string(first->second) + " and " + std::to_string(i) + " are both '" + text + "'",
            {{"task_index", i}});
      }
    }
  }

  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings& findings) override {
    const auto found = episode.numbers.find("task_index");
    if (found == episode.numbers.end()) return;
    ++visited_;
    const auto num_tasks = static_cast<double>(facts.tasks.size());
    std::set<std::string> texts;
    for (int64_t row = 0; row < found->second.rows; ++row) {
      const double task = found->second.At(row, 0);
      if (task < 0 || task >= num_tasks) {
        findings.Add(
            "task-index-out-of-range", {.episode = episode.index, .frame = row, .feature = "task_index"},
            "task_index is " + Figure(task) + ", and there are " + std::to_string(facts.tasks.size()) + " tasks",
            {{"task_index", task}});
        return;
      }
      used_.insert(static_cast<size_t>(task));
      texts.insert(facts.tasks[static_cast<size_t>(task)]);
    }
    const auto& listed = facts.episodes[static_cast<size_t>(episode.index)].tasks;
    if (listed.empty() || std::set<std::string>(listed.begin(), listed.end()) == texts) return;
    findings.Add(
        "task-contradiction", {.episode = episode.index, .frame = {}, .feature = "task_index"},
        "the episode table says '" + Join(listed) + "', and the rows '" + Join({texts.begin(), texts.end()}) + "'");
  }

  void Finish(const DatasetFacts& facts, Findings& findings) override {
    if (visited_ < static_cast<int64_t>(facts.episodes.size())) return;
    for (size_t i = 0; i < facts.tasks.size(); ++i) {
      if (used_.contains(i)) continue;
      findings.Add("task-unused", {}, "no frame has task " + std::to_string(i) + ", '" + facts.tasks[i] + "'",
                   {{"task_index", i}});
    }
  }

 private:
  static std::string Join(const std::vector<std::string>& texts) {
    std::string joined;
    for (const std::string& text : texts) joined += (joined.empty() ? "" : "', '") + text;
    return joined;
  }

  int64_t visited_ = 0;
  std::set<size_t> used_;
};

}  // namespace

CheckEntry TasksCheck() {
  return {"tasks",
          {{"task-index-out-of-range", Severity::kError, "task_index without a task",
            "training stops, or gives these frames another instruction",
            "add the task to the table of tasks, or correct task_index"},
           {"task-empty", Severity::kWarning, "tasks without text", "the policy learns to act without being told what",
            "lerobot-edit-dataset --repo_id {dataset} --operation.type modify_tasks"},
           {"task-doubled", Severity::kWarning, "one text under two numbers",
            "by number, the episodes of one task count as two", "give the task one number"},
           {"task-contradiction", Severity::kWarning, "episode table and rows name different tasks",
            "what is filtered by the table gets other instructions than it shows",
            "correct tasks in the episode table, or task_index of the rows"},
           {"task-unused", Severity::kNote, "tasks that no frame has", "none", "none is needed"}},
          [] { return std::make_unique<Tasks>(); }};
}

}  // namespace heddle::data::audit
