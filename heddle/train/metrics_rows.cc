#include "heddle/train/metrics_rows.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "heddle/train/meters.h"
#include "heddle/train/not_finite.h"

namespace heddle::train {
namespace {

using Json = nlohmann::ordered_json;

// NaN and infinity are no JSON.
Json NumberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

void Meter(const RunSetup& setup, const HoldoutPass& pass, Json& row) {
  const int32_t target = setup.bound.target_domain;
  for (size_t d = 0; d < setup.bound.domains.size(); ++d)
    row["holdout_episodes/" + setup.bound.domains[d]] = NumEpisodes(pass.origins, static_cast<int32_t>(d));
  for (const auto& [layer, latents] : {std::pair("shallow", &pass.shallow_NW), std::pair("z", &pass.z_NW)}) {
    const at::Tensor own_ND = RowsOfDomain(*latents, pass.origins, target);
    for (size_t d = 0; d < setup.bound.domains.size(); ++d) {
      const auto domain = static_cast<int32_t>(d);
      const at::Tensor other_ND = RowsOfDomain(*latents, pass.origins, domain);
      if (domain == target || own_ND.size(0) < 2 || other_ND.size(0) < 2) continue;
      const std::string name = std::string(layer) + "/" + setup.bound.domains[d];
      row["sliced_wasserstein/" + name] = NumberOrNull(SlicedWasserstein(own_ND, other_ND));
      row["probe/" + name] = NumberOrNull(LinearProbe(*latents, pass.origins, target, domain));
    }
  }
}

}  // namespace

Json TrainRow(const RunSetup& setup, const StepReport& report, int64_t step, const Pace::Typical& typical,
              double memory_mb) {
  constexpr size_t kMostRows = 16;
  Json row = {{"step", step}, {"kind", "train"}, {"loss", NumberOrNull(report.loss)}};
  for (const auto& [name, value] : report.terms) row["loss/" + name] = NumberOrNull(value);
  for (const auto& [name, value] : report.scalars) row[name] = NumberOrNull(value.item<double>());
  row["gradient_norm"] = NumberOrNull(report.gradient_norm);
  for (const auto& [name, value] : report.gradients) row["gradient/" + name] = NumberOrNull(value);
  for (const auto& [name, value] : report.domain_gradients) {
    row["domain_gradient/" + name] = NumberOrNull(value.norm);
    if (value.cosine) row["domain_cosine/" + name] = NumberOrNull(*value.cosine);
  }
  if (report.skipped) {
    std::vector<std::string> rows = NotFiniteStepOf(setup, report, step).rows;
    rows.resize(std::min(rows.size(), kMostRows));
    row["skipped"] = rows;
  }
  row["step_ms"] = typical.step_ms;
  row["wait_ms"] = typical.wait_ms;
  row["memory_mb"] = memory_mb;
  return row;
}

Json HoldoutRow(const RunSetup& setup, const HoldoutPass& pass, int64_t step) {
  Json row = {{"step", step}, {"kind", "holdout"}};
  for (const auto& [domain, loss] : pass.loss) row["loss/" + domain] = NumberOrNull(loss);
  for (const auto& [source, loss] : pass.source_loss) row["source_loss/" + source] = NumberOrNull(loss);
  for (const auto& [domain, error] : pass.action_error) row["action_error/" + domain] = NumberOrNull(error);
  Meter(setup, pass, row);
  return row;
}

}  // namespace heddle::train
