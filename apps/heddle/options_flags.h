// The flags by which every verb with an options struct takes them:
//
//   --options FILE   a YAML file with the keys of docs/reference/options.md
//   --set KEY=VALUE  one of them; may be given many times
//
//   OptionFlags flags;                                  // beside the verb's other flags
//   AddOptionFlags(app, flags);
//   toy::ToyOptions options;
//   ApplyOptionFlags(flags, OptionTree::Of("toy", options));   // the file first, then each --set in order
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "heddle/core/options.h"

namespace heddle::cli {

struct OptionFlags {
  std::string file;
  std::vector<std::string> sets;
};

void AddOptionFlags(CLI::App& app, OptionFlags& flags);

// kUsage for what the file or a --set says wrongly, kSystem for a file that can't be read.
void ApplyOptionFlags(const OptionFlags& flags, const OptionTree& tree);

}  // namespace heddle::cli
