// heddle compare: policies held against each other on evidence rows.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/heddle/verb.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/eval/compare/compare.h"
#include "heddle/eval/compare/counts_text.h"
#include "heddle/eval/compare/published_counts.h"
#include "heddle/eval/compare/report_json.h"
#include "heddle/eval/compare/report_text.h"

namespace heddle::cli {
namespace {

struct CompareFlags {
  std::vector<std::string> rows;
  std::string counts, over, baseline;
  std::optional<std::string> metric;
  std::optional<double> margin, power;
  int64_t picked_best_of = 1;
  bool sequential = false, json = false;
};

bool WantsColour(const Console& console) {
  const char* no_colour = std::getenv("NO_COLOR");
  return &console.out == &std::cout && isatty(STDOUT_FILENO) == 1 && (!no_colour || !*no_colour);
}

std::string Quoted(const std::string& text) {
  const bool plain = !text.empty() && text.find_first_of(" '\"$&|;<>()*?\\\t\n") == std::string::npos;
  return plain ? text : "'" + text + "'";
}

// The command as one would type it.
std::string CommandOf(const CompareFlags& flags) {
  std::string command = "heddle compare";
  for (const std::string& rows : flags.rows) command += " " + Quoted(rows);
  if (!flags.counts.empty()) command += " --counts " + Quoted(flags.counts);
  if (!flags.over.empty()) command += " --over " + flags.over;
  if (flags.metric) command += " --metric " + *flags.metric;
  if (!flags.baseline.empty()) command += " --baseline " + Quoted(flags.baseline);
  if (flags.margin) command += " --margin " + FormatDouble(*flags.margin);
  if (flags.power) command += " --power " + FormatDouble(*flags.power);
  if (flags.picked_best_of != 1) command += " --picked-best-of " + std::to_string(flags.picked_best_of);
  if (flags.sequential) command += " --sequential";
  return command;
}

eval::Metric MetricFrom(const std::string& name) {
  for (const eval::Metric metric : {eval::Metric::kSuccessAny, eval::Metric::kSuccessEnd}) {
    if (name == eval::MetricName(metric)) return metric;
  }
  const std::vector<std::string> names = {"success_any", "success_end"};
  ThrowUsage("unknown metric '" + name + "'", "--metric", SuggestName(name, names));
}

eval::CompareOptions OptionsFrom(const CompareFlags& flags) {
  eval::CompareOptions options{.over = flags.over,
                               .baseline = flags.baseline,
                               .margin = flags.margin,
                               .power_delta = flags.power,
                               .picked_best_of = flags.picked_best_of,
                               .sequential = flags.sequential,
                               .command = CommandOf(flags)};
  if (flags.metric) options.metric = MetricFrom(*flags.metric);
  return options;
}

// What published counts know nothing of.
void RefuseWithCounts(const CompareFlags& flags) {
  const auto refuse = [](const std::string& flag) {
    ThrowUsage("published counts have no rows", flag, "leave it out with --counts");
  };
  if (!flags.rows.empty()) refuse("ROWS");
  if (!flags.over.empty()) refuse("--over");
  if (flags.metric) refuse("--metric");
  if (flags.sequential) refuse("--sequential");
}

int Run(const CompareFlags& flags, const Console& console) {
  const eval::CompareOptions options = OptionsFrom(flags);
  if (!flags.counts.empty()) {
    RefuseWithCounts(flags);
    const eval::CountsReport report = eval::CompareCounts(flags.counts, options);
    console.out << (flags.json ? DumpJson(eval::ToJson(report), 2) + "\n"
                               : eval::CountsText(report, WantsColour(console)));
    return kExitDone;
  }
  if (flags.rows.empty())
    ThrowUsage("no rows were given", "ROWS", "name evidence files or run folders, or --counts FILE");
  const eval::CompareReport report = eval::CompareEvidence(flags.rows, options);
  console.out << (flags.json ? DumpJson(eval::ToJson(report), 2) + "\n"
                             : eval::CompareText(report, WantsColour(console)));
  return report.is_refused() ? kExitAnswerIsNo : kExitDone;
}

VerbRun Add(CLI::App& app) {
  const auto flags = std::make_shared<CompareFlags>();
  app.add_option("ROWS", flags->rows, "evidence files or run folders; the first policy in them is the baseline");
  app.add_option("--over", flags->over, "the one field that is meant to differ (w, align, gap, ..., or policy)")
      ->type_name("FIELD");
  app.add_option("--metric", flags->metric, "success_any (default) or success_end")->type_name("NAME");
  app.add_option("--baseline", flags->baseline,
                 "the policy, or value of the field, to compare with (default: the first)")
      ->type_name("NAME");
  app.add_option("--margin", flags->margin, "is it shown to be worse by less than this?")->type_name("M");
  app.add_option("--power", flags->power, "how many episodes would find this difference?")->type_name("DELTA");
  app.add_option("--picked-best-of", flags->picked_best_of, "it was picked from so many on these same episodes")
      ->type_name("M");
  app.add_flag("--sequential", flags->sequential, "take the verdict that holds whenever one looks");
  app.add_option("--counts", flags->counts, "published counts instead: CSV or JSON with name, successes, n")
      ->type_name("FILE");
  AddJsonFlag(app, flags->json);
  return [flags](const Console& console) { return Run(*flags, console); };
}

}  // namespace

Verb CompareVerb() {
  return {.name = "compare",
          .group = VerbGroup::kEvidence,
          .reads = "evidence rows",
          .leaves = "which policy is better, how sure that is, and what could fool it",
          .about =
              "Says which policy is better: success with intervals, differences on the same episodes, a verdict that "
              "may be looked at at any time, failures side by side; and after each verdict what was changed, how to "
              "reproduce it, what could fool it and what backs it. Exit code 3 if rows are not comparable; the fields "
              "that differ are named.",
          .example =
              "heddle compare runs/w01 runs/w03 --over w\n"
              "heddle compare out/expert out/server --over policy --margin 0.05 --power 0.1\n"
              "heddle compare --counts published.csv",
          .add = Add};
}

}  // namespace heddle::cli
