#include "heddle/theory/ratio_guideline.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::theory {
namespace {

constexpr double kAbundantSurrogates = 5;  // M/N above which the square root holds

void RequireSize(double size, const std::string& whose) {
  if (std::isfinite(size) && size > 0) return;
  char text[32];
  std::snprintf(text, sizeof text, "%g", size);
  ThrowInput("a ratio was asked for and " + whose + " has " + text + " windows", "",
             "mixing needs data on both sides; leave out what is empty");
}

double Total(std::span<const double> surrogates) {
  if (surrogates.empty()) ThrowInput("a ratio was asked for and there is no surrogate to mix with");
  double total = 0;
  for (size_t k = 0; k < surrogates.size(); ++k) {
    RequireSize(surrogates[k], "surrogate " + std::to_string(k));
    total += surrogates[k];
  }
  return total;
}

// A factor of 1 changes no bit.
double TimesOdds(double w, double factor) { return factor == 1 ? w : w * factor / (w * factor + 1 - w); }

void CheckOptions(const RatioOptions& options) {
  if (!(options.q >= 0.5 && options.q < 1)) ThrowUsage("the guideline's q is outside [0.5, 1)");
  if (!(options.cap > 0 && options.cap <= 0.5)) ThrowUsage("the guideline's cap is outside (0, 0.5]");
  if (!(options.gap_odds >= 1 && std::isfinite(options.gap_odds))) {
    ThrowUsage("the guideline's gap_odds is below 1", "", "1 is no shift; a large gap shifts the range up, never down");
  }
}

}  // namespace

RatioGuideline GuideRatio(double target, std::span<const double> surrogates, const RatioOptions& options) {
  CheckOptions(options);
  RequireSize(target, "the target");
  const double total = Total(surrogates);

  RatioGuideline guideline;
  guideline.natural = target / (target + total);
  if (guideline.natural >= 0.5) {
    guideline.rule = RatioGuideline::Rule::kNatural;
    guideline.low = guideline.high = guideline.natural;
    return guideline;
  }
  const bool square_root = total / target > kAbundantSurrogates;
  guideline.rule = square_root ? RatioGuideline::Rule::kSquareRoot : RatioGuideline::Rule::kShare;
  const double upper =
      square_root ? std::sqrt(target / total) : target * options.q / ((1 - options.q) * total + target * options.q);
  const double shifted = TimesOdds(upper, options.gap_odds);
  guideline.capped = shifted > options.cap;
  guideline.high = std::min(shifted, options.cap);
  guideline.low = std::min(TimesOdds(guideline.natural, options.gap_odds), guideline.high);
  return guideline;
}

std::string RatioGuideline::Explain() const {
  char text[256];
  if (rule == Rule::kNatural) {
    std::snprintf(text, sizeof text,
                  "the target has at least as much data as all surrogates together: w = %.3f, the natural ratio, is "
                  "suggested and there is no range to search",
                  natural);
    return text;
  }
  std::snprintf(text, sizeof text, "search w in [%.3f, %.3f]: from the natural ratio N/(N + M) = %.3f to %s%s", low,
                high, natural, rule == Rule::kSquareRoot ? "sqrt(N/M)" : "Nq/((1 - q)M + Nq)",
                capped ? ", capped" : "");
  std::string sentence = text;
  if (low != natural) sentence += ", shifted up for a large gap";
  return sentence;
}

std::vector<double> ShareAmongSurrogates(double w, std::span<const double> surrogates, double tau) {
  Total(surrogates);
  if (!(w >= 0 && w <= 1)) ThrowUsage("w is " + std::to_string(w) + ", outside [0, 1]");
  if (!std::isfinite(tau)) ThrowUsage("the exponent tau is not finite");
  // Sizes relative to the largest, so that no power overflows.
  const double largest = std::ranges::max(surrogates);
  std::vector<double> shares;
  double sum = 0;
  for (const double size : surrogates) sum += shares.emplace_back(std::pow(size / largest, tau));
  for (double& share : shares) share *= (1 - w) / sum;
  return shares;
}

}  // namespace heddle::theory
