#include "heddle/toy/analysis_json.h"

#include <algorithm>
#include <span>

#include "heddle/theory/retrodiction.h"
#include "heddle/toy/analysis.h"
#include "heddle/toy/findings.h"
#include "heddle/toy/json_numbers.h"
#include "heddle/toy/published.h"

namespace heddle::toy {
namespace {

using Json = nlohmann::ordered_json;

Json EffectJson(const char* name, const stats::AnovaComponent& component) {
  Json effect = {{"name", name}, {"share", Significant(component.share)}, {"df", component.degrees}};
  if (component.interval) {
    effect["low"] = Significant(component.interval->low);
    effect["high"] = Significant(component.interval->high);
  }
  if (component.f) effect["f"] = Significant(*component.f);
  if (component.p) effect["p"] = Significant(*component.p, 3);
  return effect;
}

}  // namespace

Json AnovaJson(const Sweep& sweep, const std::vector<int>& seeds) {
  Json measures = Json::array();
  for (const Measure measure : kMeasures) {
    const std::optional<stats::Anova> anova = AnovaOf(sweep, seeds, measure);
    if (!anova) continue;
    Json effects = {EffectJson("delta_z", anova->row), EffectJson("w", anova->column),
                    EffectJson("interaction", anova->interaction)};
    if (seeds.size() > 1) {
      effects.push_back(EffectJson("seed", anova->block));
      effects.push_back(EffectJson("residual", anova->residual));
    }
    measures.push_back({{"measure", MeasureName(measure)},
                        {"effects", std::move(effects)},
                        {"of_means",
                         {{"delta_z", Significant(anova->row_share_of_means())},
                          {"w", Significant(anova->column_share_of_means())},
                          {"interaction", Significant(anova->interaction_share_of_means())}}},
                        {"cells", sweep.num_delta_z() * sweep.num_w()},
                        {"seeds", seeds.size()}});
  }
  return measures;
}

Json PaperJson() {
  const PublishedToy paper;
  return {{"source", paper.source},
          {"anova", {{"delta_z", paper.share_delta_z}, {"w", paper.share_w}, {"interaction", paper.share_interaction}}},
          {"best", paper.best},
          {"best_cells", paper.best_cells},
          {"worst", paper.worst},
          {"flat", paper.flat}};
}

Json BestRatiosJson(const Sweep& sweep, const std::vector<int>& seeds) {
  Json rows = Json::array();
  for (const BestRatio& best : BestRatios(sweep, seeds)) {
    Json row = {{"delta_z", best.delta_z},
                {"w", best.w},
                {"w_low", best.w_low},
                {"w_high", best.w_high},
                {"ood", Significant(best.ood)},
                {"target_only_ood", Significant(best.target_only_ood)},
                {"factor", Significant(best.factor)}};
    if (best.factor_interval) {
      row["factor_low"] = Significant(best.factor_interval->first);
      row["factor_high"] = Significant(best.factor_interval->second);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Json FindingsJson(const Sweep& sweep, const std::vector<int>& seeds) {
  Json findings = Json::array();
  for (const Finding& finding : Findings(sweep, seeds)) {
    Json json = {
        {"claim", finding.claim}, {"expected", finding.expected}, {"found", finding.found}, {"holds", finding.holds}};
    if (!finding.note.empty()) json["note"] = finding.note;
    findings.push_back(std::move(json));
  }
  return findings;
}

Json GuidelineJson() {
  const theory::PublishedSweep& published = theory::ThePublishedSweep();
  const std::vector<theory::Retrodiction> found = theory::RetrodictPublished();
  Json settings = Json::array();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const theory::PublishedSetting& setting = published.settings[i];
    settings.push_back({{"setting", std::string(setting.task) + ", " + std::string(setting.gap)},
                        {"w_n", found[i].low},
                        {"w_q", found[i].high},
                        {"best_w", found[i].best_w},
                        {"best", found[i].best},
                        {"best_inside_w", found[i].best_inside_w},
                        {"best_inside", found[i].best_inside},
                        {"regret", found[i].regret}});
  }
  return {{"settings", std::move(settings)},
          {"note",
           "The range comes from the sizes alone (50 target and 3000 source demonstrations); compared at three "
           "decimals, as the "
           "table is published."}};
}

}  // namespace heddle::toy
