// meta/tasks.parquet: what each task_index says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace heddle::data {

// With the pandas metadata that LeRobot needs to look tasks up by their text.
void WriteTasks(const std::vector<std::string>& tasks, const std::filesystem::path& out);

// The first `count` tasks by task_index. kInput if there are fewer.
std::vector<std::string> ReadWrittenTasks(const std::filesystem::path& file, int64_t count);

}  // namespace heddle::data
