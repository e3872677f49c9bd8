#include "heddle/mixture/sheet/open_source.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

std::shared_ptr<const data::Dataset> OpenDataset(const Sheet& sheet, const SheetSource& source) {
  try {
    return std::make_shared<const data::Dataset>(data::Dataset::Open(sheet.DatasetOf(source)));
  } catch (const Error& error) {
    const std::string where = error.where().empty() ? "" : ", " + error.where();
    throw Error(error.kind(), error.message(), sheet.PlaceOf(source, "dataset") + ": source " + source.name + where,
                error.mend());
  }
}

std::vector<int64_t> CheckedEpisodes(const std::vector<int64_t>& episodes, const std::string& key, const Sheet& sheet,
                                     const SheetSource& source, const data::Dataset& dataset) {
  const auto count = static_cast<int64_t>(dataset.episodes().size());
  std::vector<int64_t> sorted = episodes;
  std::ranges::sort(sorted);
  for (const int64_t episode : sorted) {
    if (episode < count) continue;
    ThrowUsage("source " + source.name + ": " + key + ": there is no episode " + std::to_string(episode),
               sheet.PlaceOf(source, key), "the dataset has episodes 0 to " + std::to_string(count - 1));
  }
  return sorted;
}

std::vector<int64_t> HoldoutOf(const std::vector<int64_t>& episodes, const Sheet& sheet, const OpenSource& open) {
  const HoldoutRule& rule = open.sheet->holdout;
  if (rule.kind == HoldoutRule::Kind::kAll) return episodes;
  if (rule.kind == HoldoutRule::Kind::kShare) return SpreadHoldout(episodes, rule);
  return CheckedEpisodes(rule.episodes, "holdout", sheet, *open.sheet, *open.dataset);
}

}  // namespace

std::vector<int64_t> SpreadHoldout(const std::vector<int64_t>& episodes, const HoldoutRule& rule) {
  const auto count = static_cast<int64_t>(episodes.size());
  if (rule.share == 0 || count < 2) return {};
  const auto by_share = static_cast<int64_t>(std::ceil(rule.share * static_cast<double>(count) - 1e-9));
  const int64_t held = std::min(std::max(rule.at_least, by_share), count - 1);
  std::vector<int64_t> chosen;
  for (int64_t i = 0; i < held; ++i) chosen.push_back(episodes[static_cast<size_t>((2 * i + 1) * count / (2 * held))]);
  return chosen;
}

std::vector<OpenSource> OpenSources(const Sheet& sheet) {
  std::vector<OpenSource> sources;
  for (const SheetSource& source : sheet.sources) {
    OpenSource open{&source, OpenDataset(sheet, source), {}, {}};
    std::vector<int64_t> episodes;
    if (source.episodes) {
      episodes = CheckedEpisodes(*source.episodes, "episodes", sheet, source, *open.dataset);
    } else {
      for (const data::Episode& episode : open.dataset->episodes()) episodes.push_back(episode.index);
    }
    open.holdout = HoldoutOf(episodes, sheet, open);
    std::ranges::set_difference(episodes, open.holdout, std::back_inserter(open.training));
    sources.push_back(std::move(open));
  }
  return sources;
}

}  // namespace heddle::mixture
