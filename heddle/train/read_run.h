// From what a user names to the options of a run: a run.yaml, or a mixture sheet alone with a method.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/sheet.h"
#include "heddle/train/run_options.h"

namespace heddle::train {

struct RunFile {
  RunOptions options;
  mixture::Sheet sheet;
  std::filesystem::path file;  // that was named
};

// `method`: in place of the file's; empty: the file's. `settings`: "policy.trunk.width=512", in order, over all others.
// Usage errors with file and line.
RunFile ReadRun(const std::filesystem::path& file, const std::string& method, const std::vector<std::string>& settings);

// All options as they were resolved, as YAML; ReadRun of it gives the same.
std::string RunYaml(RunOptions options);
// Of all options but those that change what is written down and nothing else (log).
std::string RunHash(RunOptions options);

}  // namespace heddle::train
