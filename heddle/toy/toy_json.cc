#include "heddle/toy/toy_json.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "heddle/core/options.h"
#include "heddle/stats/summary.h"
#include "heddle/toy/analysis_json.h"
#include "heddle/toy/cells_json.h"
#include "heddle/toy/curves.h"
#include "heddle/toy/fields.h"
#include "heddle/toy/json_numbers.h"
#include "heddle/toy/sensitivity.h"

namespace heddle::toy {
namespace {

using Json = nlohmann::ordered_json;

std::vector<double> CurveSignals() {
  std::vector<double> signals = {1e-4, 1e-3, 5e-3, 0.01};
  for (int i = 1; i < 20; ++i) signals.push_back(0.05 * i);
  for (const double signal : {0.97, 0.98, 0.99, 0.995}) signals.push_back(signal);
  return signals;
}

void AddCurves(const Sweep& sweep, Json& json) {
  const std::vector<double> signals = CurveSignals();
  Json curves = Json::array(), rows = Json::array();
  for (const NamedCurve& curve : OverlapCurves(sweep, signals)) {
    curves.push_back({{"name", curve.name}, {"values", Rounded(curve.values)}});
  }
  json["overlap"] = {{"signal", signals}, {"curves", std::move(curves)}};
  for (const RatioCurve& curve : TargetShareCurves(sweep, signals)) {
    rows.push_back({{"w", curve.w}, {"target_share", Rounded(curve.values)}});
  }
  json["weights"] = {{"signal", signals},
                     {"delta_z", sweep.options().delta_z.front()},
                     {"width", Significant(sweep.kernel_width(0))},
                     {"rows", std::move(rows)}};
}

Json MatchJson(const Match& match) {
  Json regimes = Json::array();
  for (const MatchCurve& curve : match.curves) {
    std::vector<double> mean, low, high;
    for (const std::vector<double>& seeds : curve.error) {
      mean.push_back(stats::GeometricMean(seeds));
      low.push_back(*std::min_element(seeds.begin(), seeds.end()));
      high.push_back(*std::max_element(seeds.begin(), seeds.end()));
    }
    regimes.push_back({{"name", curve.of.regime},
                       {"delta_z", Significant(curve.of.delta_z)},
                       {"w", curve.of.w},
                       {"error", Rounded(mean)},
                       {"low", Rounded(low)},
                       {"high", Rounded(high)}});
  }
  return {{"signal", Rounded(match.signal)}, {"width", match.width}, {"regimes", std::move(regimes)}};
}

}  // namespace

Json ToyJson(const Sweep& sweep, const Match& match, bool partial, const std::string& version) {
  ToyOptions options = sweep.options();
  const OptionTree tree = OptionTree::Of("toy", options);
  const std::vector<int> seeds = sweep.CompleteSeeds();
  Json json = {{"schema", "heddle.toy/1"},
               {"version", version},
               {"partial", partial},
               {"options", ToJson(tree)},
               {"options_hash", Hash(tree)},
               {"grid", {{"delta_z", options.delta_z}, {"w", options.w}, {"seeds", options.seeds}}},
               {"per_point", options.samples_per_point},
               {"kernel_width", Significant(sweep.kernel_width(0))},
               {"cells", CellsJson(sweep)},
               {"target_only", TargetOnlyJson(sweep)},
               {"data", DataJson(sweep)},
               {"thresholds", {{"two_modes", kTwoModes}, {"source_share", kSourceShare}, {"transfer", kTransfer}}},
               {"paper", PaperJson()}};
  const FieldAxes axes = MakeFieldAxes();
  json["field_axes"] = {{"u", Rounded(axes.u)}, {"v", Rounded(axes.v)}};
  if (!seeds.empty()) {
    json["anova"] = AnovaJson(sweep, seeds);
    json["best_w"] = BestRatiosJson(sweep, seeds);
    json["findings"] = FindingsJson(sweep, seeds);
  }
  for (const NetKey& key : sweep.Diverged()) {
    json["diverged"].push_back(
        {{"delta_z", sweep.delta_z_of(key)}, {"w", sweep.w_of(key)}, {"seed", options.seed + key.seed}});
  }
  json["guideline"] = GuidelineJson();
  if (sweep.kernel_width(0) > 0) AddCurves(sweep, json);
  if (Json study = Json::parse(SensitivityStudy()); !study.empty()) json["sensitivity"] = std::move(study);
  if (!match.curves.empty()) json["net_vs_optimum"] = MatchJson(match);
  return json;
}

}  // namespace heddle::toy
