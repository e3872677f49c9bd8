#include "heddle/eval/compare/compare.h"

#include <algorithm>

#include "heddle/contract/evidence_compare.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/eval/compare/wording.h"

namespace heddle::eval {
namespace {

constexpr size_t kHashDigits = 12;

std::string Short(const std::string& hash) { return hash.substr(0, kHashDigits); }

std::string Hashes(const std::set<std::string>& hashes) {
  std::vector<std::string> all;
  for (const std::string& hash : hashes) all.push_back(Short(hash));
  return Join(all, " ");
}

std::string SetupText(const contract::EvidenceSetup& setup) {
  std::string text = setup.task;
  for (const auto& [key, value] : setup.task_options.items()) {
    text += " " + key + "=" + (value.is_string() ? value.get<std::string>() : DumpJson(value));
  }
  text += ", gap " + setup.gap.text;
  if (!setup.suite.empty()) text += ", suite " + setup.suite;
  if (!setup.embodiment.empty()) text += ", " + setup.embodiment;
  return text + ", " + std::to_string(setup.horizon) + " steps at " + PlainNumber(setup.control_hz) + " Hz";
}

std::string Cut(const std::string& value) { return value.size() > 60 ? value.substr(0, 57) + "..." : value; }

// "w: 0.1 -> 0.3 (and with it mixture_hash, checkpoint_hash)".
std::string Changed(const std::vector<contract::FieldDifference>& changes, const std::string& over) {
  std::vector<std::string> causes, followers;
  for (const auto& d : changes) {
    const bool is_cause = over == "policy" ? d.field != "checkpoint_hash" && d.field != "name" : d.field == over;
    if (is_cause) {
      causes.push_back(d.field + ": " + Cut(d.a) + " -> " + Cut(d.b));
    } else {
      followers.push_back(d.field);
    }
  }
  if (causes.empty()) causes.swap(followers);
  if (causes.empty()) return "nothing";
  return Join(causes, ", ") + (followers.empty() ? "" : " (and with it " + Join(followers, ", ") + ")");
}

std::string Reproduce(const VerdictContext& c) {
  std::string files;
  for (const EvidenceSource& source : c.set.sources) files += " sha256 " + Short(source.sha256);
  const auto of_policy = [](const PolicyEvidence& policy) {
    return policy.checkpoint_hashes.empty() ? "policy " + Short(contract::PolicyHash(policy.example.policy))
                                            : "checkpoints " + Hashes(policy.checkpoint_hashes);
  };
  return c.options.command + "; rows" + files + "; set-up " + Short(contract::SetupHash(c.a.example.setup)) + "; " +
         c.a.label + ": " + of_policy(c.a) + "; " + c.b.label + ": " + of_policy(c.b);
}

std::string BackedBy(const VerdictContext& c) {
  const Comparison& comparison = c.comparison;
  std::string text = NumberOfTrials(comparison);
  if (comparison.is_paired) {
    text +=
        " of " + Counted(comparison.n_a + comparison.n_b, "row") + ", " + Counted(comparison.episodes, "episode seed");
    if (comparison.training_seeds > 1) text += " x " + Counted(comparison.training_seeds, "training seed");
  }
  std::vector<std::string> files;
  for (const EvidenceSource& source : c.set.sources) files.push_back(source.file);
  text += " (" + Join(files, ", ") + ")";
  std::set<std::string> seals = c.a.data_seals;
  seals.insert(c.b.data_seals.begin(), c.b.data_seals.end());
  return text + (seals.empty() ? "; rows name no data seals" : "; data seals " + Hashes(seals));
}

Verdict VerdictOf(const VerdictContext& context) {
  Verdict verdict{.comparison = context.comparison, .doubts = LookForDoubts(context), .claim = {}};
  verdict.claim.changed = Changed(context.comparability.changes[context.place], context.comparability.over);
  verdict.claim.reproduce = Reproduce(context);
  verdict.claim.could_fool = CouldFoolLine(verdict.doubts);
  verdict.claim.backed_by = BackedBy(context);
  return verdict;
}

void AddVerdicts(const EvidenceSet& set, const Comparability& comparability, CompareReport& report) {
  const auto comparisons_to_make = static_cast<int64_t>(set.policies.size()) - 1;
  const int64_t family = std::max(comparisons_to_make, report.options.picked_best_of);
  const bool may_pair = comparability.over.empty() || contract::KeepsResets(comparability.over);
  std::vector<Comparison> comparisons;
  for (size_t i = 1; i < set.policies.size(); ++i) {
    comparisons.push_back(CompareTwo(set.policies[0], set.policies[i], may_pair, family, report.options));
  }
  Decide(comparisons, report.options);
  for (size_t i = 0; i < comparisons.size(); ++i) {
    report.verdicts.push_back(
        VerdictOf({set, comparability, set.policies[0], set.policies[i + 1], comparisons[i], i, report.options}));
  }
}

}  // namespace

void CheckOptions(const CompareOptions& options) {
  if (options.margin && !(*options.margin > 0 && *options.margin < 1)) {
    ThrowUsage("a margin of " + FormatDouble(*options.margin) + " is no difference of success rates", "--margin",
               "give one between 0 and 1, such as 0.05");
  }
  if (options.power_delta && !(*options.power_delta > 0 && *options.power_delta <= 1)) {
    ThrowUsage(FormatDouble(*options.power_delta) + " is no difference of success rates", "--power",
               "give one above 0 and up to 1, such as 0.1");
  }
  if (options.picked_best_of < 1) ThrowUsage("nothing is the best of less than 1", "--picked-best-of", "");
}

CompareReport CompareEvidence(std::span<const std::string> paths, const CompareOptions& options) {
  CheckOptions(options);
  const std::string over = options.over.empty() ? "" : contract::EvidenceField(options.over);
  EvidenceSet set = GatherEvidence(paths, over);
  const Comparability comparability = MakeComparable(set.policies, over, options.baseline);
  CompareReport report{.options = options,
                       .setup = SetupText(set.policies[0].example.setup),
                       .setup_hash = contract::SetupHash(set.policies[0].example.setup),
                       .over = comparability.over,
                       .refusals = comparability.refusals,
                       .sources = set.sources,
                       .tuning_policies = set.tuning_policies};
  if (report.is_refused()) return report;
  for (const PolicyEvidence& policy : set.policies) report.policies.push_back(Summarise(policy));
  AddVerdicts(set, comparability, report);
  return report;
}

std::string CouldFoolLine(std::span<const Doubt> doubts) {
  std::vector<std::string> found, unknown, clear;
  for (const Doubt& doubt : doubts) {
    if (doubt.state == Doubt::State::kFound) found.push_back(doubt.what);
    if (doubt.state == Doubt::State::kUnknown) unknown.push_back(doubt.what);
    if (doubt.state == Doubt::State::kClear) clear.push_back(doubt.code);
  }
  std::string line = found.empty() ? "nothing was found" : Join(found, "; ");
  if (!unknown.empty()) line += ". Not known: " + Join(unknown, "; ");
  if (!clear.empty()) line += ". Clear: " + Join(clear, ", ");
  return line;
}

}  // namespace heddle::eval
