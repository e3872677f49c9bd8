#include "heddle/toy/cells_json.h"

#include <algorithm>
#include <span>

#include "heddle/toy/analysis.h"
#include "heddle/toy/fields.h"
#include "heddle/toy/json_numbers.h"

namespace heddle::toy {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSourceShown = 400;

template <class Of>
Json LossesOf(const Sweep& sweep, const std::vector<int>& seeds, int delta_z, int w, Of of, bool median) {
  Json json;
  for (const Measure measure : {Measure::kWhole, Measure::kCovered, Measure::kOod, Measure::kOodMedian}) {
    if (measure == Measure::kOodMedian && !median) continue;
    Json values = Json::array();
    for (const int seed : seeds) values.push_back(Significant(ValueOf(of(sweep.outcome({seed, delta_z, w})), measure)));
    json[MeasureName(measure)] = std::move(values);
  }
  return json;
}

// Seeds for which this cell and its target-only net are there.
std::vector<int> SeedsOf(const Sweep& sweep, int delta_z, int w) {
  std::vector<int> seeds;
  for (int seed = 0; seed < int(sweep.options().seeds); ++seed) {
    if (sweep.outcome({seed, delta_z, w}).complete && sweep.outcome({seed, delta_z, sweep.num_w()}).complete)
      seeds.push_back(seed);
  }
  return seeds;
}

Json FieldJson(const std::vector<FieldsAtPoint>& fields) {
  Json points = Json::array();
  for (const FieldsAtPoint& point : fields) {
    Json levels = Json::array();
    for (const Field& field : point.levels) {
      levels.push_back({{"signal", Significant(field.signal)},
                        {"net", Hundredths(field.net)},
                        {"optimum", Hundredths(field.optimum)}});
    }
    points.push_back({{"xy", Rounded(point.xy)}, {"covered", point.covered}, {"levels", std::move(levels)}});
  }
  return {{"points", std::move(points)}};
}

}  // namespace

Json CellsJson(const Sweep& sweep) {
  Json cells = Json::array();
  for (int i = 0; i < sweep.num_delta_z(); ++i) {
    for (int j = 0; j < sweep.num_w(); ++j) {
      const std::vector<int> seeds = SeedsOf(sweep, i, j);
      if (seeds.empty()) continue;
      const CellRegime regime = RegimeOfCell(sweep, seeds, i, j);
      Json cell = {{"i", i},
                   {"j", j},
                   {"delta_z", sweep.options().delta_z[std::size_t(i)]},
                   {"w", sweep.options().w[std::size_t(j)]},
                   {"loss", LossesOf(
                                sweep, seeds, i, j, [](const NetOutcome& o) { return o.loss; }, true)},
                   {"optimum", LossesOf(
                                   sweep, seeds, i, j, [](const NetOutcome& o) { return o.optimum; }, false)},
                   {"regime",
                    {{"name", RegimeName(regime.regime)},
                     {"transfer", Significant(regime.transfer)},
                     {"two_modes", Significant(regime.two_modes)},
                     {"source_share", Significant(regime.source_share)},
                     {"sure", Significant(regime.sure)}}}};
      if (seeds.front() == 0) {
        cell["samples"] = Hundredths(sweep.outcome({0, i, j}).samples);
        cell["field"] = FieldJson(sweep.outcome({0, i, j}).fields);
      }
      cells.push_back(std::move(cell));
    }
  }
  return cells;
}

Json TargetOnlyJson(const Sweep& sweep) {
  Json rows = Json::array();
  for (int i = 0; i < sweep.num_delta_z(); ++i) {
    const std::vector<int> seeds = SeedsOf(sweep, i, sweep.num_w());
    if (seeds.empty()) continue;
    rows.push_back(
        {{"delta_z", sweep.options().delta_z[std::size_t(i)]},
         {"loss", LossesOf(sweep, seeds, i, sweep.num_w(), [](const NetOutcome& o) { return o.loss; }, false)}});
  }
  return rows;
}

Json DataJson(const Sweep& sweep) {
  const World& world = sweep.world(0);
  const auto first = [](const std::vector<float>& values, int count) {
    return Rounded(std::span(values).first(std::min(values.size(), std::size_t(2 * count))), 3);
  };
  const EvaluationGrid& grid = sweep.grid();
  return {
      {"source",
       {{"count", world.source.size()},
        {"xy", first(world.source.xy, kSourceShown)},
        {"out", first(world.source.out, kSourceShown)}}},
      {"target",
       {{"count", world.target.size()}, {"xy", Rounded(world.target.xy, 3)}, {"out", Rounded(world.target.out, 3)}}},
      {"grid",
       {{"side", grid.side},
        {"covered_to", sweep.options().covered},
        {"xy", Rounded(grid.xy)},
        {"truth", Rounded(grid.truth, 3)},
        {"source_truth", Rounded(grid.source_truth, 3)}}}};
}

}  // namespace heddle::toy
