#include "heddle/eval/compare/published_counts.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"
#include "heddle/eval/compare/counts_doubts.h"
#include "heddle/eval/compare/wording.h"
#include "heddle/stats/proportion.h"

namespace heddle::eval {
namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;

const Texts kColumns = {"group", "name", "successes", "n"};
// n above this is no count of episodes.
constexpr int64_t kMostTrials = 100'000'000;

int64_t WholeFrom(const std::string& text, const std::string& column, const std::string& place) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > kMostTrials) {
    ThrowInput("'" + text + "' is no count", place + ": " + column, "give a whole number");
  }
  return value;
}

// One policy from its four texts.
PublishedRate RateFrom(const Texts& values, const std::string& place) {
  PublishedRate policy{values[0], values[1]};
  if (policy.name.empty()) ThrowInput("this policy has no name", place);
  policy.rate.successes = WholeFrom(values[2], "successes", place);
  policy.rate.n = WholeFrom(values[3], "n", place);
  if (policy.rate.n < 1) ThrowInput("there is no trial", place + ": n");
  if (policy.rate.successes > policy.rate.n) {
    ThrowInput(values[2] + " successes of " + values[3] + " trials", place, "successes come before n");
  }
  policy.rate.interval =
      stats::WilsonInterval(static_cast<double>(policy.rate.successes), static_cast<double>(policy.rate.n), 1 - kLevel);
  return policy;
}

void RequireColumn(const std::string& name, const std::string& place) {
  if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end()) {
    ThrowInput("unknown column '" + name + "'", place, SuggestName(name, kColumns));
  }
}

Texts CsvCells(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  Texts cells = {""};
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<PublishedRate> FromCsv(const std::string& text, const std::string& file) {
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  const Texts header = CsvCells(line);
  for (const std::string& name : header) RequireColumn(name, file + ":1");
  for (const char* name : {"name", "successes", "n"}) {
    if (std::find(header.begin(), header.end(), name) == header.end()) {
      ThrowInput(std::string("there is no column '") + name + "'", file + ":1", "the first line names the columns");
    }
  }
  std::vector<PublishedRate> policies;
  for (int64_t number = 2; std::getline(in, line); ++number) {
    const std::string place = file + ":" + std::to_string(number);
    if (line.empty() || line == "\r") continue;
    const Texts cells = CsvCells(line);
    if (cells.size() != header.size()) {
      ThrowInput(Counted(static_cast<int64_t>(cells.size()), "cell") + " under " +
                     Counted(static_cast<int64_t>(header.size()), "column"),
                 place, "names have no commas here");
    }
    Texts values(kColumns.size());
    for (size_t i = 0; i < header.size(); ++i) {
      values[static_cast<size_t>(std::find(kColumns.begin(), kColumns.end(), header[i]) - kColumns.begin())] = cells[i];
    }
    policies.push_back(RateFrom(values, place));
  }
  return policies;
}

std::vector<PublishedRate> FromJson(const std::string& text, const std::string& file) {
  const Json json = ParseJson(text, file);
  if (!json.is_array()) ThrowInput("must be a list of objects", file);
  std::vector<PublishedRate> policies;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string place = file + "[" + std::to_string(i) + "]";
    if (!json[i].is_object()) ThrowInput("must be an object", place);
    for (const auto& [key, value] : json[i].items()) RequireColumn(key, place);
    Texts values;
    for (const std::string& column : kColumns) {
      const Json value = json[i].value(column, Json(""));
      values.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    }
    policies.push_back(RateFrom(values, place));
  }
  return policies;
}

std::vector<CountsGroup> Grouped(std::vector<PublishedRate> policies, const std::string& file) {
  std::vector<CountsGroup> groups;
  for (PublishedRate& policy : policies) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.name == policy.group; });
    if (group == groups.end()) group = groups.insert(groups.end(), CountsGroup{policy.group, {}, {}});
    for (const PublishedRate& other : group->policies) {
      if (other.name == policy.name) ThrowInput("'" + policy.name + "' is given twice", file + ": " + policy.group);
    }
    group->policies.push_back(std::move(policy));
  }
  return groups;
}

// The group's baseline to the front; false if it has none of that name.
bool MoveToFront(CountsGroup& group, const std::string& baseline) {
  const auto found = std::find_if(group.policies.begin(), group.policies.end(),
                                  [&](const PublishedRate& policy) { return policy.name == baseline; });
  if (found == group.policies.end()) return false;
  std::rotate(group.policies.begin(), found, found + 1);
  return true;
}

void MoveBaselines(std::vector<CountsGroup>& groups, const std::string& baseline) {
  for (CountsGroup& group : groups) {
    if (MoveToFront(group, baseline)) continue;
    Texts names;
    for (const PublishedRate& policy : group.policies) names.push_back(policy.name);
    ThrowUsage("there is no policy '" + baseline + "'" + (group.name.empty() ? "" : " in group " + group.name),
               "--baseline", SuggestName(baseline, names));
  }
}

void CompareGroup(CountsGroup& group, const EvidenceSource& source, const CompareOptions& options) {
  const auto count = static_cast<int64_t>(group.policies.size()) - 1;
  const int64_t family = std::max(count, options.picked_best_of);
  std::vector<Comparison> comparisons;
  for (size_t i = 1; i < group.policies.size(); ++i) {
    const PublishedRate &a = group.policies[0], &b = group.policies[i];
    comparisons.push_back(CompareUnpaired(a.name, a.rate, b.name, b.rate, family, options));
    comparisons.back().note = "published counts: not paired";
  }
  Decide(comparisons, options);
  for (const Comparison& comparison : comparisons) group.verdicts.push_back(CountsVerdict(comparison, source, options));
}

}  // namespace

std::vector<PublishedRate> ReadPublishedCounts(const std::string& file) {
  const std::string text = ReadFile(file);
  if (!IsUtf8(text)) ThrowInput("this is no text", file);
  const size_t first = text.find_first_not_of(" \t\r\n");
  std::vector<PublishedRate> policies =
      first != std::string::npos && text[first] == '[' ? FromJson(text, file) : FromCsv(text, file);
  if (policies.empty()) ThrowInput("this file has no counts", file);
  return policies;
}

CountsReport CompareCounts(const std::string& file, const CompareOptions& options) {
  CheckOptions(options);
  CountsReport report{.options = options};
  std::vector<PublishedRate> policies = ReadPublishedCounts(file);
  report.source = {.file = file, .sha256 = Sha256OfFile(file).sha256, .rows = static_cast<int64_t>(policies.size())};
  report.groups = Grouped(std::move(policies), file);
  for (const CountsGroup& group : report.groups) {
    if (group.policies.size() < 2)
      ThrowInput("there is only one policy", file + (group.name.empty() ? "" : ": " + group.name));
  }
  if (!options.baseline.empty()) MoveBaselines(report.groups, options.baseline);
  for (CountsGroup& group : report.groups) CompareGroup(group, report.source, options);
  return report;
}

}  // namespace heddle::eval
