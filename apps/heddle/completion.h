// Completion scripts for the shells, made from the parser itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "apps/heddle/verb.h"

namespace heddle::cli {

enum class Shell { kBash, kZsh, kFish };

struct FlagShape {
  std::vector<std::string> names;  // "-h", "--help"
  std::string what;
  bool takes_value = false;
};

struct VerbShape {
  std::string name, what;
  std::vector<FlagShape> flags;
  std::vector<std::string> words;  // what a positional argument may be
};

// The verbs with the flags that the parser has for each.
std::vector<VerbShape> ShapesOf(const CLI::App& app, const std::vector<Verb>& verbs);

std::string CompletionScript(Shell shell, const std::vector<VerbShape>& verbs);

}  // namespace heddle::cli
