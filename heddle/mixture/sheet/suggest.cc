#include "heddle/mixture/sheet/suggest.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.h"
#include "heddle/mixture/sheet/review_report.h"

namespace heddle::mixture {
namespace {

bool IsTarget(const Sheet& sheet, size_t i) { return sheet.sources[i].domain == sheet.target; }

SuggestedRatio RatioAt(const Sheet& sheet, const std::vector<SourceSize>& sizes, std::optional<double> w,
                       const ReviewOptions& training) {
  const SheetWeights weights = WeighSources(sheet, sizes, w, sheet.tau);
  SuggestedRatio ratio{weights.w, weights.weights, {}};
  for (size_t i = 0; i < sizes.size(); ++i) ratio.passes.push_back(PassesOver(sizes[i], weights.weights[i], training));
  return ratio;
}

// The guideline that a sheet with these gaps would have.
theory::RatioGuideline GuidelineOf(const Sheet& sheet, const std::vector<SourceSize>& sizes) {
  const SheetWeights weights = WeighSources(sheet, sizes, std::nullopt, sheet.tau);
  if (weights.guideline) return *weights.guideline;
  ThrowUsage("there is no ratio to suggest: one side of the mixture has no training episodes", sheet.file,
             "a target and at least one surrogate are needed");
}

Sheet WithoutGaps(Sheet sheet) {
  for (SheetSource& source : sheet.sources) source.gap.clear();
  return sheet;
}

// What the sheet states stays; the rest is as proposed.
Sheet WithProposals(Sheet sheet, const std::vector<SourceGap>& gaps) {
  for (const SourceGap& gap : gaps) {
    for (const GapMeasure& measure : gap.measures) {
      if (measure.level) sheet.sources[gap.source].gap.emplace(measure.axis, *measure.level);
    }
  }
  return sheet;
}

struct Totals {
  int64_t windows = 0, episodes = 0;
};

Totals TotalOf(const Sheet& sheet, const std::vector<SourceSize>& sizes, bool target) {
  Totals totals;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (IsTarget(sheet, i) != target || sheet.sources[i].weight == 0.0) continue;
    totals.windows += sizes[i].windows;
    totals.episodes += sizes[i].episodes;
  }
  return totals;
}

// Over a whole side, as every row of it is equally likely up to the surrogates' shares.
double PassesOfSide(const Totals& side, double share, const ReviewOptions& training) {
  return PassesOver({side.windows, side.episodes, 0}, share, training);
}

std::string Range(const theory::RatioGuideline& guideline) {
  return "[" + ShortNumber(guideline.low) + ", " + ShortNumber(guideline.high) + "]";
}

std::string ReasonOf(const Sheet& sheet, const RatioSuggestion& suggestion, const ReviewOptions& training) {
  using Rule = theory::RatioGuideline::Rule;
  const Totals n = TotalOf(sheet, suggestion.sizes, true), m = TotalOf(sheet, suggestion.sizes, false);
  const theory::RatioGuideline& range = suggestion.range();
  std::string text = "The target " + sheet.target + " has N = " + std::to_string(n.windows) + " windows (" +
                     std::to_string(n.episodes) +
                     " episodes) and the surrogates together have M = " + std::to_string(m.windows) + " (" +
                     std::to_string(m.episodes) + " episodes). ";
  if (range.rule == Rule::kNatural) {
    return text + "The target is at least half of all data: w = " + ShortNumber(range.natural) +
           ", the natural ratio, is suggested, and there is no range to search.";
  }
  text += "Thrown together, the target would be drawn with w_n = " + ShortNumber(range.natural) +
          ", which is the lower end. ";
  text += range.rule == Rule::kSquareRoot
              ? "M is more than 5 N, so that the upper end is sqrt(N/M): beyond it each target window outweighs a "
                "surrogate one by so much that it is repeated more than it guides. "
              : "M is at most 5 N, so that the upper end is where a target window has 0.8 of the weight of the two, "
                "Nq/((1-q)M + Nq). ";
  if (range.capped) text += "It is capped at 0.5. ";
  text += "Search w in " + Range(range) + ": from the lower to the upper end the target is gone through " +
          ShortNumber(PassesOfSide(n, range.low, training)) + " to " +
          ShortNumber(PassesOfSide(n, range.high, training)) + " times and the surrogates " +
          ShortNumber(PassesOfSide(m, 1 - range.low, training)) + " to " +
          ShortNumber(PassesOfSide(m, 1 - range.high, training)) + " times in " + std::to_string(training.steps) +
          " steps of " + std::to_string(training.batch_size) + ". ";
  if (suggestion.stated) {
    text += "The gaps that the sheet states multiply the odds of both ends by " + ShortNumber(suggestion.stated_odds) +
            "; without them the range is " + Range(suggestion.guideline) + ". ";
  }
  if (suggestion.proposed) {
    text += "If the proposed gaps were stated, the odds would be multiplied by " +
            ShortNumber(suggestion.proposed_odds) + ", and the range would be " + Range(*suggestion.proposed) + ". ";
  }
  return text + "The range is where to search, and no answer.";
}

}  // namespace

RatioSuggestion SuggestRatio(const Sheet& sheet, const SuggestOptions& options) {
  const BoundSheet bound = PrepareSheet(sheet, {});
  RatioSuggestion suggestion;
  suggestion.sizes = bound.sizes;
  suggestion.guideline = GuidelineOf(WithoutGaps(sheet), bound.sizes);
  suggestion.stated_odds = GapOdds(sheet, bound.sizes);
  if (suggestion.stated_odds != 1) suggestion.stated = GuidelineOf(sheet, bound.sizes);
  for (size_t i = 0; options.measure && i < bound.sizes.size(); ++i) {
    if (IsTarget(sheet, i) || bound.sizes[i].windows == 0 || sheet.sources[i].weight == 0.0) continue;
    suggestion.gaps.push_back({i, ProbeGap(sheet, bound, i, options.probe)});
  }
  const Sheet proposed = WithProposals(sheet, suggestion.gaps);
  suggestion.proposed_odds = GapOdds(proposed, bound.sizes);
  if (suggestion.proposed_odds != suggestion.stated_odds) {
    suggestion.proposed = GuidelineOf(proposed, bound.sizes);
  }
  suggestion.low = RatioAt(sheet, bound.sizes, suggestion.range().low, options.training);
  suggestion.high = RatioAt(sheet, bound.sizes, suggestion.range().high, options.training);
  suggestion.now = RatioAt(sheet, bound.sizes, std::nullopt, options.training);
  suggestion.reason = ReasonOf(sheet, suggestion, options.training);
  return suggestion;
}

}  // namespace heddle::mixture
