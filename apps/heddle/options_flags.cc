#include "apps/heddle/options_flags.h"

#include "heddle/core/read_file.h"

namespace heddle::cli {

void AddOptionFlags(CLI::App& app, OptionFlags& flags) {
  app.add_option("--options", flags.file, "YAML file with options (all keys: docs/reference/options.md)")
      ->type_name("FILE");
  app.add_option("--set", flags.sets, "one of these options; may be given many times")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void ApplyOptionFlags(const OptionFlags& flags, const OptionTree& tree) {
  if (!flags.file.empty()) ReadYaml(tree, ReadFile(flags.file), flags.file);
  for (const std::string& assignment : flags.sets) SetByPath(tree, assignment);
}

}  // namespace heddle::cli
