#include "heddle/eval/compare/report_text.h"

#include <algorithm>
#include <set>

#include "heddle/core/text.h"
#include "heddle/eval/compare/text_table.h"
#include "heddle/eval/compare/wording.h"

namespace heddle::eval {
namespace {

using Row = std::vector<std::string>;

std::string Line(const std::string& name, const std::string& text) { return Labelled(name, WithoutControls(text)); }

std::string PoliciesTable(const CompareReport& report) {
  const Metric metric = report.options.metric;
  const Metric other = metric == Metric::kSuccessAny ? Metric::kSuccessEnd : Metric::kSuccessAny;
  std::vector<Row> rows = {{"policy", MetricName(metric), MetricName(other), "n", "training seeds"}};
  for (const PolicySummary& policy : report.policies) {
    rows.push_back({policy.label, RateWithInterval(policy.Of(metric)), RateWithInterval(policy.Of(other)),
                    std::to_string(policy.any.n),
                    policy.training_seeds > 0 ? std::to_string(policy.training_seeds) : "-"});
  }
  return TextTable(rows);
}

std::string FailuresTable(const CompareReport& report) {
  std::set<std::string> labels;
  for (const PolicySummary& policy : report.policies) {
    for (const auto& [label, rate] : policy.failures) labels.insert(label);
  }
  if (labels.empty()) return "";
  std::vector<Row> rows = {{"failure"}};
  for (const PolicySummary& policy : report.policies)
    rows[0].push_back(policy.label + " (n " + std::to_string(policy.any.n) + ")");
  for (const std::string& label : labels) {
    rows.push_back({label});
    for (const PolicySummary& policy : report.policies) {
      const auto found = policy.failures.find(label);
      rows.back().push_back(found == policy.failures.end() ? "0" : RateWithInterval(found->second));
    }
  }
  return "\n" + TextTable(rows);
}

std::string TestName(const Comparison& c) {
  if (!c.is_paired) return c.is_exact ? "Boschloo's exact test" : "unpaired, approximate";
  if (!c.is_exact) return "score test, paired";
  return c.training_seeds > 1 ? "sign flips by episode" : "exact paired test";
}

std::string PLine(const Comparison& c) {
  const std::string text = PText(c.p) + " (" + TestName(c) + ")";
  if (c.family == 1) return text;
  return text + ", " + PText(c.corrected_p) + " corrected for " + std::to_string(c.family) +
         " comparisons or candidates";
}

std::string DifferenceLine(const Comparison& c) {
  std::string text = SignedWithInterval(c.difference, c.interval) + " on " + NumberOfTrials(c);
  if (c.is_paired) text += " (" + std::to_string(c.better) + " better, " + std::to_string(c.worse) + " worse)";
  if (c.family > 1) text += "; corrected interval " + SignedInterval(c.corrected_interval);
  return text;
}

std::string SequentialLine(const Comparison& c) {
  std::string text = SequentialPhrase(c);
  if (c.sequential->waiting > 0) {
    text += "; " + Counted(c.sequential->waiting, "episode seed") + " wait behind one that is not there for both";
  }
  return text;
}

std::string SeedsLine(const Comparison& c) {
  return SignedWithInterval(c.difference, *c.over_training_seeds) + " over training seeds (" +
         std::to_string(c.training_seeds) + "), where the verdict holds for these checkpoints";
}

std::string MarginLine(const Comparison& c) {
  const NonInferiority& n = *c.non_inferiority;
  const bool shown = n.corrected_p <= kLevel / 2;
  return std::string(shown ? "worse by less than " : "not shown to be worse by less than ") + PlainNumber(n.margin) +
         " (one-sided p " + PText(n.corrected_p) + ", " + (shown ? "at most " : "above ") + PlainNumber(kLevel / 2) +
         ", on " + NumberOfTrials(c) + ")";
}

std::string PowerLine(const Comparison& c, bool asked) {
  const Power& power = c.power;
  const std::string each = c.is_paired ? " pairs" : " episodes each";
  std::string text;
  if (asked) {
    text = std::to_string(power.needed) + each + " would find a difference of " + PlainNumber(power.delta) +
           " four times in five (up to " + std::to_string(power.needed_at_most) +
           " by the interval of the discordant share, " + Fixed(power.discordance) + " [" +
           Fixed(power.discordance_interval.low) + ", " + Fixed(power.discordance_interval.high) + "]); ";
  }
  return text + "these " + NumberOfTrials(c) + " find one of " + Fixed(power.detectable) + " or more";
}

std::string VerdictWords(const Comparison& c, const CompareOptions& options) {
  const std::string text = DecisionPhrase(c);
  if (c.decision != Decision::kNotDecided) return text;
  if (options.sequential && !c.sequential) return text + ": the sequential test needs pairs";
  if (options.power_delta && !c.power.enough) {
    return text + ": fewer trials than a difference of " + PlainNumber(c.power.delta) + " needs";
  }
  return text + ", which does not mean that they are equal";
}

std::string VerdictText(const Verdict& verdict, const CompareOptions& options, const Ink& ink) {
  const Comparison& c = verdict.comparison;
  std::string text = "\n" + ink.Bold(WithoutControls(c.b + " against " + c.a)) + "\n";
  if (!c.note.empty()) text += Line("note", c.note);
  text += Line("difference", DifferenceLine(c)) + Line("p", PLine(c));
  if (c.sequential) text += Line("sequential", SequentialLine(c));
  if (c.over_training_seeds) text += Line("training", SeedsLine(c));
  if (c.non_inferiority) text += Line("margin", MarginLine(c));
  text += Line("power", PowerLine(c, options.power_delta.has_value()));
  text += ink.Decision(c.decision, Line("verdict", VerdictWords(c, options)));
  return text + ClaimText(verdict.claim);
}

std::string RefusalText(const CompareReport& report, const Ink& ink) {
  std::string text = ink.Bold("These rows can't be compared.") + "\n";
  for (const Refusal& refusal : report.refusals) {
    std::vector<Row> rows = {{"field", refusal.a, refusal.b}};
    for (const auto& d : refusal.differences) rows.push_back({d.field, d.a, d.b});
    text += "\n" + TextTable(rows) + Line("mend", refusal.mend);
  }
  return text;
}

std::string Notes(const CompareReport& report) {
  std::string text;
  for (const EvidenceSource& source : report.sources) {
    if (source.torn_bytes > 0) text += Line("note", source.file + ": a last line without its end was passed over");
    if (source.repeated_rows > 0)
      text += Line("note", source.file + ": " + Counted(source.repeated_rows, "row") + " given before counted once");
  }
  if (report.tuning_policies > 0) text += Line("note", "rows of the tuning suite were set aside");
  return text;
}

}  // namespace

std::string ClaimText(const Claim& claim) {
  return Line("changed", claim.changed) + Line("reproduce", claim.reproduce) + Line("could fool it", claim.could_fool) +
         Line("backed by", claim.backed_by);
}

std::string CompareText(const CompareReport& report, bool colour) {
  const Ink ink(colour);
  if (report.is_refused()) return RefusalText(report, ink);
  std::string text = ink.Bold(WithoutControls(report.setup)) + "\n\n" + PoliciesTable(report) + FailuresTable(report);
  const std::string notes = Notes(report);
  if (!notes.empty()) text += "\n" + notes;
  for (const Verdict& verdict : report.verdicts) text += VerdictText(verdict, report.options, ink);
  if (report.verdicts.empty()) text += "\n" + Line("note", "one policy: there is nothing to compare it with");
  return text;
}

}  // namespace heddle::eval
