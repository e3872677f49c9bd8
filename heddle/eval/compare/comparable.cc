#include "heddle/eval/compare/comparable.h"

#include <algorithm>
#include <map>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::eval {
namespace {

using contract::FieldDifference;
using Differences = std::vector<FieldDifference>;

bool IsRunField(const std::string& field) {
  return field == "training_seed" || field == "checkpoint_hash" || field == "name";
}

std::string HashList(const PolicyEvidence& policy) {
  const std::vector<std::string> hashes(policy.checkpoint_hashes.begin(), policy.checkpoint_hashes.end());
  return "[" + Join(hashes, ",") + "]";
}

// Of two recipes: their training runs are compared as sets, as any of them may be the example.
Differences DifferencesOf(const PolicyEvidence& a, const PolicyEvidence& b, const std::string& over) {
  Differences differences = contract::EvidenceDifferences(a.example, b.example);
  const bool are_recipes = a.example.policy.training && b.example.policy.training;
  if (!are_recipes || IsRunField(over)) return differences;
  std::erase_if(differences, [](const FieldDifference& d) { return IsRunField(d.field); });
  if (a.checkpoint_hashes != b.checkpoint_hashes) differences.push_back({"checkpoint_hash", HashList(a), HashList(b)});
  return differences;
}

bool Has(const Differences& differences, const std::string& field) {
  return std::any_of(differences.begin(), differences.end(), [&](const auto& d) { return d.field == field; });
}

std::vector<std::string> Labels(const std::vector<PolicyEvidence>& policies) {
  std::vector<std::string> labels;
  for (const PolicyEvidence& policy : policies) labels.push_back(policy.label);
  return labels;
}

// "w = 0.1"; the policies' names where it is the policies that differ, or nothing says better.
void GiveLabels(std::vector<PolicyEvidence>& policies, const std::string& over) {
  if (!over.empty() && over != "policy" && over != "kind" && over != "name") {
    for (size_t i = 0; i < policies.size(); ++i) {
      const PolicyEvidence& other = policies[i == 0 ? policies.size() - 1 : 0];
      for (const FieldDifference& d : contract::EvidenceDifferences(policies[i].example, other.example)) {
        std::string value = d.a;
        if (value.size() > 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
        if (d.field == over) policies[i].label = over + " = " + value.substr(0, 40);
      }
    }
  }
  std::map<std::string, int> seen;
  for (PolicyEvidence& policy : policies) {
    const int count = ++seen[policy.label];
    if (count > 1) policy.label += " (" + std::to_string(count) + ")";
  }
}

void MoveToFront(std::vector<PolicyEvidence>& policies, const std::string& baseline) {
  const auto is_it = [&](const PolicyEvidence& policy) {
    return policy.label == baseline || policy.label.ends_with(" = " + baseline);
  };
  const auto found = std::find_if(policies.begin(), policies.end(), is_it);
  if (found == policies.end()) {
    ThrowUsage("there is no policy '" + baseline + "'", "--baseline", SuggestName(baseline, Labels(policies)));
  }
  std::rotate(policies.begin(), found, found + 1);
}

std::string FoundOver(const std::vector<PolicyEvidence>& policies) {
  Differences all;
  for (size_t i = 1; i < policies.size(); ++i) {
    for (const FieldDifference& d : DifferencesOf(policies[0], policies[i], "")) {
      if (!Has(all, d.field)) all.push_back(d);
    }
  }
  return contract::ExplainingField(all).value_or("");
}

// What may not differ; all of it where there is no one cause.
Differences Unwanted(const Differences& differences, const std::string& over) {
  const bool has_cause = over == "policy" || Has(differences, over);
  if (!has_cause) return differences;
  Differences unwanted;
  for (const FieldDifference& d : differences) {
    if (!contract::MayDiffer(d.field, over)) unwanted.push_back(d);
  }
  return unwanted;
}

std::string Mend(const Differences& differences, const Differences& unwanted, const std::string& over) {
  const bool is_there = over == "policy" || Has(differences, over);
  const std::string cause = contract::ExplainingField(differences).value_or("");
  if (!cause.empty())
    return (over.empty() ? "" : over + " does not differ; ") + "if " + cause + " is meant, say --over " + cause;
  if (!over.empty() && is_there) return "only " + over + " and what follows from it may differ";
  if (unwanted.size() == 1) return "if that is what is to be compared, say --over " + unwanted.front().field;
  return "no single field explains the others; say with --over which is meant to differ, or evaluate both in one "
         "set-up";
}

}  // namespace

Comparability MakeComparable(std::vector<PolicyEvidence>& policies, const std::string& over,
                             const std::string& baseline) {
  Comparability result;
  result.over = over.empty() ? FoundOver(policies) : over;
  GiveLabels(policies, result.over);
  if (!baseline.empty()) MoveToFront(policies, baseline);
  for (size_t i = 1; i < policies.size(); ++i) {
    const Differences differences = DifferencesOf(policies[0], policies[i], result.over);
    const Differences unwanted = Unwanted(differences, result.over);
    if (!unwanted.empty()) {
      result.refusals.push_back(
          {policies[0].label, policies[i].label, unwanted, Mend(differences, unwanted, result.over)});
    }
    result.changes.push_back(differences);
  }
  return result;
}

}  // namespace heddle::eval
