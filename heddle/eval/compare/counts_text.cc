#include "heddle/eval/compare/counts_text.h"

#include <algorithm>

#include "heddle/core/text.h"
#include "heddle/eval/compare/report_text.h"
#include "heddle/eval/compare/text_table.h"
#include "heddle/eval/compare/wording.h"

namespace heddle::eval {
namespace {

using Row = std::vector<std::string>;

std::string DecisionWord(const Comparison& c) {
  if (c.decision == Decision::kNotWorse) return "not worse by " + PlainNumber(c.non_inferiority->margin) + " or more";
  return c.decision == Decision::kNotDecided ? "not decided" : DecisionName(c.decision);
}

Row Head(const CountsGroup& group, const CompareOptions& options) {
  Row head = {"policy", "success", "n", "against " + group.policies[0].name, "p", "corrected"};
  if (options.margin) head.push_back("p of worse by " + PlainNumber(*options.margin));
  head.push_back("verdict");
  return head;
}

Row VerdictRow(const PublishedRate& policy, const Comparison& c) {
  Row row = {policy.name,
             RateWithInterval(policy.rate),
             std::to_string(policy.rate.n),
             SignedWithInterval(c.difference, c.interval),
             PText(c.p),
             PText(c.corrected_p)};
  if (c.non_inferiority) row.push_back(PText(c.non_inferiority->corrected_p));
  row.push_back(DecisionWord(c));
  return row;
}

Doubt TooFewInGroup(const CountsGroup& group) {
  int64_t few = 0, most = 0;
  for (const Verdict& verdict : group.verdicts) {
    few += !verdict.comparison.power.enough;
    most = std::max(most, verdict.comparison.power.needed);
  }
  const auto all = static_cast<int64_t>(group.verdicts.size());
  return {"too-few", few > 0 ? Doubt::State::kFound : Doubt::State::kClear,
          "too few trials in " + std::to_string(few) + " of " + Counted(all, "verdict") + ": finding a difference of " +
              PlainNumber(group.verdicts.front().comparison.power.delta) + " four times in five takes up to " +
              std::to_string(most) + " each"};
}

Claim GroupClaim(const CountsGroup& group, const EvidenceSource& source) {
  const Verdict& first = group.verdicts.front();
  std::vector<Doubt> doubts = first.doubts;
  std::replace_if(
      doubts.begin(), doubts.end(), [](const Doubt& doubt) { return doubt.code == "too-few"; }, TooFewInGroup(group));
  int64_t trials = 0;
  for (const PublishedRate& policy : group.policies) trials += policy.rate.n;
  return {.changed = group.policies[0].name + " -> each of the others, as published; what else differs is not known",
          .reproduce = first.claim.reproduce,
          .could_fool = CouldFoolLine(doubts),
          .backed_by = std::to_string(trials) + " unpaired episodes (" + source.file + "); no rows, no data seals"};
}

}  // namespace

std::string CountsText(const CountsReport& report, bool colour) {
  const Ink ink(colour);
  std::string text = "Published counts: not paired; intervals and tests take the episodes of each for independent.\n";
  for (const CountsGroup& group : report.groups) {
    text += "\n" + (group.name.empty() ? "" : ink.Bold(WithoutControls(group.name)) + "\n");
    const PublishedRate& baseline = group.policies[0];
    std::vector<Row> rows = {Head(group, report.options),
                             {baseline.name, RateWithInterval(baseline.rate), std::to_string(baseline.rate.n)}};
    for (size_t i = 0; i < group.verdicts.size(); ++i) {
      rows.push_back(VerdictRow(group.policies[i + 1], group.verdicts[i].comparison));
    }
    text += TextTable(rows) + ClaimText(GroupClaim(group, report.source));
  }
  return text;
}

}  // namespace heddle::eval
