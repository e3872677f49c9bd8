#include "apps/heddle/completion.h"

#include <algorithm>
#include <utility>

#include "heddle/core/text.h"

namespace heddle::cli {
namespace {

// CLI11 shows the values that a positional argument may have as "TYPE:{a,b}".
std::vector<std::string> WordsOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t open = type.find('{'), close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

FlagShape FlagOf(const CLI::Option& option) {
  FlagShape flag;
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  flag.what = option.get_description();
  flag.takes_value = option.get_items_expected_max() > 0;
  return flag;
}

// Inside single quotes; the three shells differ in how a quote gets there.
std::string Quoted(const std::string& text, const std::string& quote_as) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? quote_as : std::string(1, c);
  return quoted + "'";
}

std::string WordList(const VerbShape& verb) {
  std::vector<std::string> words = verb.words;
  for (const FlagShape& flag : verb.flags) words.push_back(flag.names.back());
  return Join(words, " ");
}

// The verbs of each group ("data" -> "info", "show"), and for plain verbs nothing; in the order of the verbs.
std::vector<std::pair<std::string, std::vector<std::string>>> Groups(const std::vector<VerbShape>& verbs) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const VerbShape& verb : verbs) {
    const size_t space = verb.name.find(' ');
    const std::string first = verb.name.substr(0, space);
    auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == first; });
    if (found == groups.end()) found = groups.insert(groups.end(), {first, {}});
    if (space != std::string::npos) found->second.push_back(verb.name.substr(space + 1));
  }
  return groups;
}

std::string Bash(const std::vector<VerbShape>& verbs) {
  std::vector<std::string> names, value_flags;
  std::string cases, groups;
  for (const auto& [name, members] : Groups(verbs)) {
    names.push_back(name);
    if (members.empty()) continue;
    cases += "    " + name + ") words='" + Join(members, " ") + "' ;;\n";
    groups += "  if [[ $verb == " + name + " ]] && ((COMP_CWORD > 2)); then verb=\"$verb ${COMP_WORDS[2]}\"; fi\n";
  }
  for (const VerbShape& verb : verbs) {
    cases += "    '" + verb.name + "') words='" + WordList(verb) + "' ;;\n";
    for (const FlagShape& flag : verb.flags) {
      for (const std::string& name : flag.names) {
        if (flag.takes_value) value_flags.push_back("'" + verb.name + " " + name + "'");
      }
    }
  }
  std::string script =
      "# bash completion of heddle; to use it: source <(heddle completion bash)\n"
      "_heddle() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} verb='' words\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD > 1)); then verb=${COMP_WORDS[1]}; fi\n" +
      groups;
  if (!value_flags.empty()) {
    script +=
        "  case \"$verb ${COMP_WORDS[COMP_CWORD-1]}\" in\n    " + Join(value_flags, "|") + ") return ;;\n  esac\n";
  }
  return script +
         "  case $verb in\n"
         "    '') words='" +
         Join(names, " ") + " --help --version' ;;\n" + cases +
         "    *) return ;;\n"
         "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _heddle heddle\n";
}

std::string ZshFlag(const FlagShape& flag) {
  std::string what;
  for (const char c : flag.what) what += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  std::string spec;
  for (const std::string& name : flag.names) {
    spec += " " + Quoted("*" + name + "[" + what + "]" + (flag.takes_value ? ":value:_files" : ""), R"('\'')");
  }
  return spec;
}

std::string Zsh(const std::vector<VerbShape>& verbs) {
  std::string described, cases, groups;
  for (const auto& [name, members] : Groups(verbs)) {
    if (members.empty()) continue;
    described += "    '" + name + ":" + Join(members, ", ") + "'\n";
    groups += "  if [[ $verb == " + name + " ]]; then\n    if ((CURRENT == 2)); then\n      compadd " +
              Join(members, " ") + "\n      return\n    fi\n    verb=\"$verb $words[2]\"\n    shift words\n" +
              "    ((CURRENT--))\n  fi\n";
  }
  for (const VerbShape& verb : verbs) {
    if (verb.name.find(' ') == std::string::npos) {
      described += "    " + Quoted(verb.name + ":" + verb.what, R"('\'')") + "\n";
    }
    cases += "    '" + verb.name + "') _arguments";
    for (const FlagShape& flag : verb.flags) cases += ZshFlag(flag);
    if (!verb.words.empty()) cases += " '1:what:(" + Join(verb.words, " ") + ")'";
    cases += " ;;\n";
  }
  return "#compdef heddle\n"
         "# zsh completion of heddle; to use it: source <(heddle completion zsh)\n"
         "_heddle() {\n"
         "  local -a verbs=(\n" +
         described +
         "  )\n"
         "  if ((CURRENT == 2)); then\n"
         "    _describe verb verbs\n"
         "    return\n"
         "  fi\n"
         "  local verb=$words[2]\n"
         "  shift words\n"
         "  ((CURRENT--))\n" +
         groups + "  case $verb in\n" + cases +
         "  esac\n"
         "}\n"
         "compdef _heddle heddle\n";
}

std::string Fish(const std::vector<VerbShape>& verbs) {
  const auto quoted = [](const std::string& text) { return Quoted(text, R"(\')"); };
  std::string script =
      "# fish completion of heddle; to use it: heddle completion fish | source\n"
      "complete -c heddle -f\n"
      "complete -c heddle -n __fish_use_subcommand -l help -d 'this help'\n"
      "complete -c heddle -n __fish_use_subcommand -l version -d 'the version of this binary'\n";
  for (const auto& [name, members] : Groups(verbs)) {
    if (members.empty()) continue;
    script += "complete -c heddle -n __fish_use_subcommand -a " + name + "\n";
  }
  for (const VerbShape& verb : verbs) {
    const size_t space = verb.name.find(' ');
    const std::string group = space == std::string::npos ? "" : verb.name.substr(0, space);
    const std::string last = space == std::string::npos ? verb.name : verb.name.substr(space + 1);
    const std::string there = "__fish_seen_subcommand_from " + group;
    script += "complete -c heddle -n " + (group.empty() ? "__fish_use_subcommand" : "'" + there + "'") + " -a " + last +
              " -d " + quoted(verb.what) + "\n";
    const std::string inside = "complete -c heddle -n '" + (group.empty() ? "" : there + "; and ") +
                               "__fish_seen_subcommand_from " + last + "'";
    if (!verb.words.empty()) script += inside + " -a " + quoted(Join(verb.words, " ")) + "\n";
    for (const FlagShape& flag : verb.flags) {
      script += inside;
      for (const std::string& name : flag.names) {
        const bool is_long = name.starts_with("--");
        script += (is_long ? " -l " : " -s ") + name.substr(is_long ? 2 : 1);
      }
      script += (flag.takes_value ? " -r -F -d " : " -d ") + quoted(flag.what) + "\n";
    }
  }
  return script;
}

}  // namespace

std::vector<VerbShape> ShapesOf(const CLI::App& app, const std::vector<Verb>& verbs) {
  std::vector<VerbShape> shapes;
  for (const Verb& verb : verbs) {
    VerbShape shape{verb.name, verb.leaves, {}, {}};
    const CLI::App* sub = &app;
    for (const std::string& word : CLI::detail::split(verb.name, ' ')) sub = sub->get_subcommand(word);
    for (const CLI::Option* option : sub->get_options()) {
      if (option->get_positional()) {
        shape.words = WordsOf(*option);
      } else {
        shape.flags.push_back(FlagOf(*option));
      }
    }
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

std::string CompletionScript(Shell shell, const std::vector<VerbShape>& verbs) {
  switch (shell) {
    case Shell::kBash: return Bash(verbs);
    case Shell::kZsh: return Zsh(verbs);
    case Shell::kFish: return Fish(verbs);
  }
  return "";
}

}  // namespace heddle::cli
