#include "heddle/mixture/sheet/weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

bool IsTarget(const Sheet& sheet, size_t i) { return sheet.sources[i].domain == sheet.target; }
bool HasNumber(const Sheet& sheet, size_t i) { return sheet.sources[i].weight.has_value(); }
double Windows(const SourceSize& size) { return static_cast<double>(size.windows); }

// Whether a source can be drawn; refuses a number above 0 for one that has nothing.
bool IsDrawn(const Sheet& sheet, const std::vector<SourceSize>& sizes, size_t i) {
  const SheetSource& source = sheet.sources[i];
  if (source.weight == 0.0) return false;
  if (sizes[i].windows > 0) return true;
  if (!source.weight) return false;
  ThrowUsage("source " + source.name + " has a weight, and none of its episodes is trained on",
             sheet.PlaceOf(source, "weight"), "give it weight 0, or hold out fewer episodes");
}

// Domain by domain, in the order of their first source.
struct Side {
  std::vector<std::vector<size_t>> domains;
  std::vector<double> windows;  // one a domain

  bool empty() const { return domains.empty(); }
};

struct Sides {
  Side target, surrogates;
};

void AddTo(Side& side, const Sheet& sheet, size_t i, double windows) {
  for (size_t k = 0; k < side.domains.size(); ++k) {
    if (sheet.sources[side.domains[k][0]].domain != sheet.sources[i].domain) continue;
    side.domains[k].push_back(i);
    side.windows[k] += windows;
    return;
  }
  side.domains.push_back({i});
  side.windows.push_back(windows);
}

Sides SidesOf(const Sheet& sheet, const std::vector<SourceSize>& sizes) {
  Sides sides;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (!IsDrawn(sheet, sizes, i)) continue;
    AddTo(IsTarget(sheet, i) ? sides.target : sides.surrogates, sheet, i, Windows(sizes[i]));
  }
  return sides;
}

void ShareBy(const std::vector<size_t>& sources, double whole, std::vector<double>& weights,
             const std::vector<double>& sizes) {
  double sum = 0;
  for (const size_t i : sources) sum += sizes[i];
  for (const size_t i : sources) weights[i] = whole * sizes[i] / sum;
}

// Shares `whole` among the domains of a side.
void ShareSide(const Sheet& sheet, const std::vector<SourceSize>& sizes, const Side& side, double whole, double tau,
               std::vector<double>& weights) {
  std::vector<double> numbers, windows;
  for (size_t i = 0; i < sizes.size(); ++i) {
    numbers.push_back(sheet.sources[i].weight.value_or(0));
    windows.push_back(Windows(sizes[i]));
  }
  std::vector<size_t> all;
  for (const auto& domain : side.domains) all.insert(all.end(), domain.begin(), domain.end());
  if (std::ranges::all_of(all, [&](size_t i) { return HasNumber(sheet, i); })) {
    ShareBy(all, whole, weights, numbers);
    return;
  }
  const std::vector<double> shares = theory::ShareAmongSurrogates(0, side.windows, tau);
  for (size_t k = 0; k < side.domains.size(); ++k) ShareBy(side.domains[k], whole * shares[k], weights, windows);
}

std::optional<theory::RatioGuideline> Guide(const Sheet& sheet, const Sides& sides, double gap_odds) {
  if (sides.target.empty() || sides.surrogates.empty()) return std::nullopt;
  HEDDLE_DEMAND(sides.target.windows.size() == 1 && !sheet.target.empty());
  return theory::GuideRatio(sides.target.windows[0], sides.surrogates.windows, {.gap_odds = gap_odds});
}

bool AllNumbers(const Sheet& sheet) {
  return std::ranges::all_of(sheet.sources, [](const SheetSource& source) { return source.weight.has_value(); });
}

void CheckW(double w, const Sheet& sheet, const Sides& sides) {
  if (!(w >= 0 && w <= 1)) ThrowUsage("w is " + FormatDouble(w), "w", "give a number from 0 to 1");
  if (w < 1 && sides.surrogates.empty()) {
    ThrowUsage("w is " + FormatDouble(w) + ", and no episode of a surrogate is trained on, to draw the rest from",
               sheet.file, "give w = 1, or add a source");
  }
  if (w > 0 && sides.target.empty()) {
    ThrowUsage("w is " + FormatDouble(w) + ", and no episode of the target is trained on", sheet.file,
               "give w = 0, or hold out fewer of its episodes");
  }
}

}  // namespace

double GapOdds(const Sheet& sheet, const std::vector<SourceSize>& sizes) {
  double sum = 0, whole = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (IsTarget(sheet, i) || sheet.sources[i].weight == 0.0) continue;
    const auto large = std::ranges::count_if(sheet.sources[i].gap,
                                             [](const auto& stated) { return stated.second == GapLevel::kLarge; });
    sum += Windows(sizes[i]) * std::log(std::min<double>(1 + static_cast<double>(large), 3));
    whole += Windows(sizes[i]);
  }
  return whole > 0 && sum > 0 ? std::exp(sum / whole) : 1;
}

SheetWeights WeighSources(const Sheet& sheet, const std::vector<SourceSize>& sizes, std::optional<double> w,
                          double tau) {
  HEDDLE_DEMAND(sizes.size() == sheet.sources.size());
  const Sides sides = SidesOf(sheet, sizes);
  SheetWeights result;
  result.weights.assign(sizes.size(), 0);
  const double gap_odds = GapOdds(sheet, sizes);
  result.guideline = Guide(sheet, sides, gap_odds);
  if (!w && AllNumbers(sheet)) {
    double sum = 0;
    for (const SheetSource& source : sheet.sources) sum += *source.weight;
    for (size_t i = 0; i < sizes.size(); ++i) {
      result.weights[i] = *sheet.sources[i].weight / sum;
      if (IsTarget(sheet, i)) result.w += result.weights[i];
    }
    result.reason = "the sheet's weights give " + FormatDouble(std::round(result.w * 1e4) / 1e4);
    return result;
  }
  if (w) {
    result.reason = FormatDouble(*w) + " was asked for";
  } else if (!result.guideline) {
    w = sides.target.empty() ? 0 : 1;
    result.reason =
        sides.target.empty() ? "0, as no episode of the target is trained on" : "1, as there is no surrogate";
  } else {
    w = std::sqrt(result.guideline->low * result.guideline->high);
    result.reason = "weight auto takes " + FormatDouble(std::round(*w * 1e4) / 1e4) +
                    ", the geometric middle of the guideline's range: " + result.guideline->Explain();
  }
  CheckW(*w, sheet, sides);
  result.w = *w;
  if (*w > 0) ShareSide(sheet, sizes, sides.target, *w, 1, result.weights);
  if (*w < 1) ShareSide(sheet, sizes, sides.surrogates, 1 - *w, tau, result.weights);
  return result;
}

}  // namespace heddle::mixture
