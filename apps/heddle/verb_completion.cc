#include <memory>

#include "apps/heddle/completion.h"
#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::cli {
namespace {

Shell ShellOfName(const std::string& name) {
  if (name == "bash") return Shell::kBash;
  if (name == "zsh") return Shell::kZsh;
  if (name == "fish") return Shell::kFish;
  const std::vector<std::string> names = {"bash", "zsh", "fish"};
  ThrowUsage("there is no completion for '" + name + "'", "completion", SuggestName(name, names));
}

VerbRun Add(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "the shell to complete in")->required()->type_name("{bash,zsh,fish}");
  return [shell, &app](const Console& console) {
    console.out << CompletionScript(ShellOfName(*shell), ShapesOf(*app.get_parent(), AllVerbs()));
    return kExitDone;
  };
}

}  // namespace

Verb CompletionVerb() {
  return {.name = "completion",
          .group = VerbGroup::kBeside,
          .reads = "nothing",
          .leaves = "a script that completes verbs and flags in bash, zsh or fish",
          .about = "Prints the script that lets your shell complete the verbs and flags of heddle.",
          .example = "source <(heddle completion bash)",
          .add = Add};
}

}  // namespace heddle::cli
