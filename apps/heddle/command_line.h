// The parser of the whole command line: verbs, their flags, the map that `heddle --help` prints, and the nearest right
// name for a mistyped verb or flag.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "apps/heddle/verb.h"

namespace heddle::cli {

class CommandLine {
 public:
  explicit CommandLine(std::vector<Verb> verbs);

  // `arguments` without the program's name. Returns the exit code of what was asked for; called wrongly is a usage
  // error that names the verb and the nearest right name.
  int Run(const std::vector<std::string>& arguments, const Console& console);

 private:
  CLI::App& ParentOf(const Verb& verb);
  const CLI::App* ChosenVerb() const;  // or the group of verbs, or null
  std::string NameOf(const CLI::App& verb) const;
  std::vector<std::string> NamesOfFlags(const CLI::App* verb) const;
  [[noreturn]] void ThrowUnexpected(const std::vector<std::string>& extras) const;
  [[noreturn]] void ThrowUsageOf(const CLI::ParseError& error) const;
  void PrintHelp(std::ostream& out) const;
  void PrintMap(const std::string& prefix, std::ostream& out) const;

  std::vector<Verb> verbs_;
  std::map<std::string, VerbRun> runs_;
  CLI::App app_;
  bool version_ = false;
};

// Whether errors are to be told as JSON: known before, and even if, the arguments can't be parsed.
bool AsksForJson(const std::vector<std::string>& arguments);

}  // namespace heddle::cli
