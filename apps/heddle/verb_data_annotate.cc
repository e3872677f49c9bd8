// heddle data annotate: labels added, removed, listed; contacts found in force streams.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/text.h"
#include "heddle/data/dataset.h"
#include "heddle/data/episode_list.h"
#include "heddle/data/labels/contact.h"
#include "heddle/data/labels/label_edit.h"
#include "heddle/data/labels/label_json.h"

namespace heddle::cli {
namespace {

using Json = nlohmann::ordered_json;

struct AnnotateFlags {
  std::string dataset;
  std::vector<std::string> set, remove, csv, jsonl;
  std::string episodes, level, from_frame, to_frame, from_s, to_s, by;
  std::string contact, threshold = "auto";
  std::optional<double> window_s;
  bool replace = false, list = false, json = false;
};

std::string NowUtc() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::string UserName() {
  const char* name = std::getenv("USER");
  return name == nullptr ? "" : name;
}

std::string ReadFileOrStdin(const std::string& file) {
  return file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : ReadFile(file);
}

std::optional<std::vector<int64_t>> Episodes(const AnnotateFlags& flags, const data::Dataset& dataset) {
  if (flags.episodes.empty()) return std::nullopt;
  if (flags.episodes == "all") {
    return data::ParseEpisodeList("0-" + std::to_string(static_cast<int64_t>(dataset.episodes().size()) - 1),
                                  static_cast<int64_t>(dataset.episodes().size()));
  }
  return data::ParseEpisodeList(flags.episodes, static_cast<int64_t>(dataset.episodes().size()));
}

std::pair<std::string, std::optional<std::string>> KeyAndValue(const std::string& text) {
  const size_t at = text.find('=');
  if (at == std::string::npos) return {text, std::nullopt};
  return {text.substr(0, at), text.substr(at + 1)};
}

// What a flag says wrongly is a wrong call.
data::Label LabelFromFlags(std::map<std::string, std::string> fields, const std::string& place,
                           const data::RowContext& context) {
  try {
    return data::LabelFromFields(fields, place, context);
  } catch (const Error& error) {
    throw Error(ErrorKind::kUsage, error.message(), error.where(), error.mend());
  }
}

void AddFromFlags(const AnnotateFlags& flags, const data::Dataset& dataset, const data::RowContext& context,
                  data::LabelEdit& edit) {
  const auto episodes = Episodes(flags, dataset);
  for (const std::string& set : flags.set) {
    const auto [key, value] = KeyAndValue(set);
    if (!value) ThrowUsage("a label is KEY=VALUE", "--set " + set);
    std::map<std::string, std::string> fields = {{"key", key},
                                                 {"value", *value},
                                                 {"level", flags.level},
                                                 {"from_frame", flags.from_frame},
                                                 {"to_frame", flags.to_frame},
                                                 {"from_s", flags.from_s},
                                                 {"to_s", flags.to_s}};
    const std::string place = "--set " + set;
    if (!episodes) edit.add.push_back({LabelFromFlags(fields, place, context), place});
    for (const int64_t episode : episodes.value_or(std::vector<int64_t>{})) {
      fields["episode"] = std::to_string(episode);
      edit.add.push_back({LabelFromFlags(fields, place, context), place});
    }
  }
}

data::LabelFilter FilterFromFlags(const AnnotateFlags& flags, const data::Dataset& dataset) {
  data::LabelFilter filter;
  filter.episodes = Episodes(flags, dataset);
  if (!flags.level.empty()) {
    filter.level = data::LevelFromName(flags.level);
    if (!filter.level) {
      ThrowUsage("there is no level '" + flags.level + "'", "--level", SuggestName(flags.level, data::LevelNames()));
    }
  }
  return filter;
}

void RemoveFromFlags(const AnnotateFlags& flags, const data::Dataset& dataset, data::LabelEdit& edit) {
  for (const std::string& remove : flags.remove) {
    data::LabelFilter filter = FilterFromFlags(flags, dataset);
    std::tie(filter.key, filter.value) = KeyAndValue(remove);
    edit.remove.push_back(std::move(filter));
  }
}

// The labels of an earlier search in the same stream go.
Json AddContacts(const AnnotateFlags& flags, const data::Dataset& dataset, data::LabelEdit& edit) {
  data::ContactOptions options;
  if (flags.threshold != "auto") {
    if (!CLI::detail::lexical_cast(flags.threshold, options.threshold.emplace())) {
      ThrowUsage("'" + flags.threshold + "' is no force", "--threshold", "a number, or auto");
    }
  }
  const data::ContactLabels found = data::LabelContacts(dataset, flags.contact, options, flags.window_s, NowUtc());
  data::LabelFilter earlier;
  earlier.level = data::LabelLevel::kContact;
  earlier.by = data::ContactAuthor(flags.contact);
  edit.remove.push_back(earlier);
  for (const data::Label& label : found.labels) edit.add.push_back({label, "--contact " + flags.contact});
  return {{"feature", flags.contact},
          {"contacts", found.num_contacts},
          {"rest", found.levels.rest},
          {"on", found.levels.on},
          {"off", found.levels.off}};
}

void PrintFindings(const std::vector<data::LabelFinding>& findings, std::ostream& out) {
  constexpr size_t kMostLines = 10;
  if (findings.empty()) return;
  out << "To look at:\n";
  for (size_t i = 0; i < std::min(kMostLines, findings.size()); ++i) out << "  " << findings[i].what << "\n";
  if (findings.size() > kMostLines) out << "  and " << findings.size() - kMostLines << " more (--json has all)\n";
}

Json ToJson(const std::vector<data::LabelFinding>& findings) {
  Json list = Json::array();
  for (const auto& finding : findings) list.push_back(data::ToJson(finding));
  return list;
}

int List(const AnnotateFlags& flags, const data::Dataset& dataset, std::ostream& out) {
  const data::DatasetLabels labels = data::DatasetLabels::Of(dataset);
  const data::LabelFilter filter = FilterFromFlags(flags, dataset);
  Json list = Json::array();
  for (const data::Label& label : labels.All()) {
    if (!filter.Matches(label)) continue;
    if (flags.json) {
      list.push_back(data::ToJson(label));
    } else {
      out << Describe(label) << (label.by.empty() ? "" : "  by " + label.by) << "\n";
    }
  }
  const auto findings = data::CheckLabels(labels);
  if (flags.json) {
    out << DumpJson({{"labels", list}, {"findings", ToJson(findings)}}, 2) << "\n";
  } else {
    PrintFindings(findings, out);
  }
  return kExitDone;
}

int Edit(const AnnotateFlags& flags, const data::Dataset& dataset, std::ostream& out) {
  const auto context = data::RowContext::Of(dataset, flags.by, NowUtc());
  data::LabelEdit edit;
  edit.replace = flags.replace;
  RemoveFromFlags(flags, dataset, edit);
  const auto add = [&](std::vector<data::PlacedLabel> labels) {
    std::move(labels.begin(), labels.end(), std::back_inserter(edit.add));
  };
  for (const std::string& file : flags.csv) add(data::LabelsFromCsv(ReadFileOrStdin(file), file, context));
  for (const std::string& file : flags.jsonl) add(data::LabelsFromJsonLines(ReadFileOrStdin(file), file, context));
  AddFromFlags(flags, dataset, context, edit);
  const Json contact = flags.contact.empty() ? Json(nullptr) : AddContacts(flags, dataset, edit);
  const data::EditOutcome outcome = data::EditLabels(dataset, edit);
  if (flags.json) {
    out << DumpJson({{"added", outcome.added},
                     {"already", outcome.already},
                     {"removed", outcome.removed},
                     {"contact", contact},
                     {"findings", ToJson(outcome.findings)}},
                    2)
        << "\n";
    return kExitDone;
  }
  if (!contact.is_null()) {
    out << contact["contacts"] << " contacts in " << flags.contact << ": from above "
        << FormatDouble(contact["on"].get<double>()) << " to below " << FormatDouble(contact["off"].get<double>())
        << "\n";
  }
  out << Counted(outcome.added, "label") << " added, " << outcome.already << " were there, " << outcome.removed
      << " removed\n";
  PrintFindings(outcome.findings, out);
  return kExitDone;
}

int Run(const AnnotateFlags& flags, const Console& console) {
  const bool edits = !flags.set.empty() || !flags.remove.empty() || !flags.csv.empty() || !flags.jsonl.empty() ||
                     !flags.contact.empty();
  if (flags.list == edits) {
    ThrowUsage(edits ? "--list changes nothing: it stands alone" : "nothing to do is given", "data annotate",
               "--set KEY=VALUE, --csv FILE, --jsonl FILE, --contact FEATURE, --remove KEY, or --list");
  }
  const bool frames =
      !flags.from_frame.empty() || !flags.to_frame.empty() || !flags.from_s.empty() || !flags.to_s.empty();
  if (frames && flags.set.empty()) ThrowUsage("frames are given without --set", "data annotate");
  if (frames && !flags.remove.empty())
    ThrowUsage("--remove takes no frames", "data annotate", "remove in its own call");
  const data::Dataset dataset = data::Dataset::Open(flags.dataset);
  return edits ? Edit(flags, dataset, console.out) : List(flags, dataset, console.out);
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<AnnotateFlags>();
  flags->by = UserName();
  app.add_option("DATASET", flags->dataset, "a folder, or owner/name of a downloaded dataset")->required();
  const auto repeated = [&](const char* name, std::vector<std::string>& values, const char* about, const char* type) {
    app.add_option(name, values, about)->type_name(type)->allow_extra_args(false);
  };
  repeated("--set", flags->set, "a label; may be given many times", "KEY=VALUE");
  repeated("--csv", flags->csv, "labels from a file of comma-separated values (- reads stdin)", "FILE");
  repeated("--jsonl", flags->jsonl, "labels from a file of JSON lines (- reads stdin)", "FILE");
  repeated("--remove", flags->remove, "remove labels of a key; --episode and --level narrow it", "KEY[=VALUE]");
  app.add_option("--episode", flags->episodes, "3, 0,4,7-9 or all (default: the dataset as a whole)");
  app.add_option("--level", flags->level, "span, subtask, interaction, note (default: from what else is given)");
  app.add_option("--from", flags->from_frame, "first frame, in the episode")->type_name("FRAME");
  app.add_option("--to", flags->to_frame, "the frame that it ends before (default: the episode's end)")
      ->type_name("FRAME");
  app.add_option("--from-s", flags->from_s, "the same in seconds")->type_name("S");
  app.add_option("--to-s", flags->to_s, "the same in seconds")->type_name("S");
  app.add_option("--by", flags->by, "who says so (default: your user name)");
  app.add_flag("--replace", flags->replace, "take the place of labels of the same key, level and frames");
  auto* contact = app.add_option("--contact", flags->contact, "find contacts in this force stream and label them");
  contact->type_name("FEATURE");
  app.add_option("--threshold", flags->threshold, "force at which a contact begins")
      ->type_name("N|auto")
      ->needs(contact);
  app.add_option("--window", flags->window_s, "summaries of stretches of this length, in place of contacts")
      ->type_name("S")
      ->needs(contact);
  app.add_flag("--list", flags->list, "show the labels, of --episode and --level where these are given");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb DataAnnotateVerb() {
  return {.name = "data annotate",
          .group = VerbGroup::kData,
          .reads = "labels: flags, CSV or JSON lines",
          .leaves = "labels beside the data, which is never rewritten",
          .about =
              "Labels a dataset, its episodes or spans of their frames: domain, embodiment, strategy, tags, subtasks "
              "and interactions, contacts found in a force stream. All of a call or nothing of it is written.",
          .example =
              "heddle data annotate sets/pour --set domain=sim\n"
              "  heddle data annotate sets/pour --episode 0-9 --set 'strategy=fast pour'\n"
              "  heddle data annotate sets/pour --csv subtasks.csv\n"
              "  heddle data annotate sets/pour --contact observation.force",
          .add = Add};
}

}  // namespace heddle::cli
