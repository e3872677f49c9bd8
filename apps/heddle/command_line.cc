#include "apps/heddle/command_line.h"

#include <algorithm>

#include "apps/heddle/version_info.h"
#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::cli {
namespace {

constexpr const char* kAbout =
    "Heddle trains one robot policy on data of several domains, and shows what each of them brought.";

const char* TitleOf(VerbGroup group) {
  switch (group) {
    case VerbGroup::kCheck: return "check";
    case VerbGroup::kData: return "data";
    case VerbGroup::kSim: return "simulation";
    case VerbGroup::kMix: return "mixture";
    case VerbGroup::kTraining: return "training";
    case VerbGroup::kEvidence: return "evidence";
    case VerbGroup::kServing: return "serving";
    case VerbGroup::kTheory: return "theory";
    case VerbGroup::kBeside: return "beside";
  }
  return "beside";
}

bool IsFlag(const std::string& argument) { return argument.size() > 1 && argument[0] == '-'; }

// CLI11's sentences begin with a capital and sometimes go over several lines.
std::string OwnSentence(std::string text) {
  text.resize(std::min(text.find('\n'), text.size()));
  const std::string could_not = "Could not convert: ";
  if (text.starts_with(could_not)) return text.substr(could_not.size()) + " is not what this flag takes";
  const auto upper = [&](size_t i) { return i < text.size() && text[i] >= 'A' && text[i] <= 'Z'; };
  if (upper(0) && !upper(1)) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

// In lines of at most 100 columns.
std::string Wrapped(const std::string& text) {
  constexpr size_t kColumns = 100;
  std::string wrapped;
  size_t column = 0;
  for (const std::string& word : CLI::detail::split(text, ' ')) {
    const bool fits = column + 1 + word.size() <= kColumns;
    if (column > 0) wrapped += fits ? " " : "\n";
    column = (column > 0 && fits ? column + 1 : 0) + word.size();
    wrapped += word;
  }
  return wrapped;
}

std::string Padded(const std::string& text, size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

std::string LastWord(const std::string& name) {
  const size_t space = name.rfind(' ');
  return space == std::string::npos ? name : name.substr(space + 1);
}

}  // namespace

void AddJsonFlag(CLI::App& app, bool& json) {
  app.add_flag("--json", json, "results and errors as one JSON object on stdout")->disable_flag_override();
}

bool AsksForJson(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

CommandLine::CommandLine(std::vector<Verb> verbs) : verbs_(std::move(verbs)), app_(kAbout, "heddle") {
  app_.require_subcommand(0, 1);
  app_.set_help_flag("-h,--help", "this help");
  app_.add_flag("--version", version_, "the version of this binary");
  for (const Verb& verb : verbs_) {
    CLI::App* sub = ParentOf(verb).add_subcommand(LastWord(verb.name), Wrapped(verb.about));
    sub->set_help_flag("-h,--help", "this help");
    sub->footer("Example:\n  " + verb.example);
    runs_[verb.name] = verb.add(*sub);
  }
}

// `heddle` itself, or for "data info" the group "data", made when its first verb comes.
CLI::App& CommandLine::ParentOf(const Verb& verb) {
  const size_t space = verb.name.find(' ');
  if (space == std::string::npos) return app_;
  const std::string group = verb.name.substr(0, space);
  for (CLI::App* there : app_.get_subcommands({})) {
    if (there->get_name() == group) return *there;
  }
  CLI::App* made = app_.add_subcommand(group, "");
  made->set_help_flag("-h,--help", "this help");
  made->require_subcommand(0, 1);
  return *made;
}

int CommandLine::Run(const std::vector<std::string>& arguments, const Console& console) {
  try {
    app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    PrintHelp(console.out);
    return kExitDone;
  } catch (const CLI::ParseError& error) {
    ThrowUsageOf(error);
  }
  if (version_) {
    console.out << "heddle " << ThisVersion().version << "\n";
    return kExitDone;
  }
  const CLI::App* verb = ChosenVerb();
  if (verb == nullptr) ThrowUsage("no verb is given", "", "heddle --help shows them all");
  const std::string name = NameOf(*verb);
  if (!runs_.contains(name)) {
    ThrowUsage("'" + name + "' needs a verb of its own", "", "heddle " + name + " --help shows them");
  }
  return runs_.at(name)(console);
}

const CLI::App* CommandLine::ChosenVerb() const {
  const CLI::App* verb = nullptr;
  for (auto chosen = app_.get_subcommands(); !chosen.empty(); chosen = verb->get_subcommands()) verb = chosen.front();
  return verb;
}

std::string CommandLine::NameOf(const CLI::App& verb) const {
  return verb.get_parent() == &app_ ? verb.get_name() : verb.get_parent()->get_name() + " " + verb.get_name();
}

std::vector<std::string> CommandLine::NamesOfFlags(const CLI::App* verb) const {
  std::vector<std::string> names;
  for (const CLI::Option* option : (verb == nullptr ? app_ : *verb).get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

void CommandLine::ThrowUnexpected(const std::vector<std::string>& extras) const {
  const CLI::App* verb = ChosenVerb();
  const std::string place = verb == nullptr ? "" : NameOf(*verb);
  const auto flag = std::find_if(extras.begin(), extras.end(), IsFlag);
  const bool takes_verbs = verb == nullptr || !runs_.contains(place);
  if (takes_verbs && (flag == extras.end() || flag != extras.begin())) {
    std::vector<std::string> names;
    for (const CLI::App* each : (verb == nullptr ? app_ : *verb).get_subcommands({})) names.push_back(each->get_name());
    ThrowUsage("there is no verb '" + (place.empty() ? "" : place + " ") + extras.front() + "'", "",
               SuggestName(extras.front(), names));
  }
  if (flag == extras.end()) ThrowUsage("'" + extras.front() + "' is one argument too many", place);
  const std::string name = flag->substr(0, flag->find('='));
  const auto near = Nearest(name, NamesOfFlags(verb));
  const std::string help = place.empty() ? "heddle --help" : "heddle " + place + " --help";
  ThrowUsage("there is no flag '" + name + "'", place,
             near ? "did you mean '" + *near + "'?" : help + " shows them all");
}

// A mistyped flag often makes another error as well (the right one is then missing): it is told first.
void CommandLine::ThrowUsageOf(const CLI::ParseError& error) const {
  if (const auto extras = app_.remaining(/*recurse=*/true); !extras.empty()) ThrowUnexpected(extras);
  const CLI::App* verb = ChosenVerb();
  ThrowUsage(OwnSentence(error.what()), verb == nullptr ? "" : NameOf(*verb));
}

void CommandLine::PrintHelp(std::ostream& out) const {
  const CLI::App* verb = ChosenVerb();
  if (verb == nullptr) return PrintMap("", out);
  if (!runs_.contains(NameOf(*verb))) return PrintMap(verb->get_name() + " ", out);
  out << app_.help();  // of the verb that was chosen
}

void CommandLine::PrintMap(const std::string& prefix, std::ostream& out) const {
  size_t widest = 0;
  for (const Verb& verb : verbs_) widest = std::max(widest, verb.name.size());
  if (prefix.empty()) out << kAbout << "\n\n";
  out << "heddle " << prefix << "VERB [flags]\n\nWhat each verb reads -> leaves behind:\n";
  const VerbGroup* last = nullptr;
  for (const Verb& verb : verbs_) {
    if (!verb.name.starts_with(prefix)) continue;
    if (last == nullptr || *last != verb.group) out << "\n" << TitleOf(verb.group) << "\n";
    last = &verb.group;
    out << "  " << Padded(verb.name, widest) << "  " << verb.reads << " -> " << verb.leaves << "\n";
  }
  out << "\nheddle " << prefix
      << "VERB --help has its flags and an example; start with heddle doctor.\n"
         "Exit codes: 0 done, 1 it failed, 2 called wrongly, 3 it worked and the answer is no, 130 stopped by "
         "Ctrl-C.\n";
}

}  // namespace heddle::cli
