#include "heddle/mixture/bound_source.h"

#include <algorithm>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

// Of the slots that the source has.
void CheckMeanings(const NumericLayout& feature, const RowMap& row, const BoundSource& source) {
  size_t place = 0;
  for (const Slot& slot : feature.slots) {
    const bool present = row.is_present()[place] != 0;
    place += static_cast<size_t>(slot.size);
    if (slot.meaning != Meaning::kUnknown || !present) continue;
    ThrowUsage("it is not known what " + feature.name + "." + slot.name + " means, so it can't be brought from " +
                   FormatDouble(source.dataset().info().fps) + " frames/s to another rate",
               source.where(), "say its meaning, or choose the control_hz of this dataset");
  }
}

const data::Feature* FindCamera(const CameraLayout& camera, const BoundSource& source) {
  const auto& map = source.source->map.cameras;
  const auto mapped = map.find(camera.name);
  if (mapped != map.end() && !mapped->second) return nullptr;
  const std::string& name = mapped == map.end() ? camera.name : *mapped->second;
  const data::DatasetInfo& info = source.dataset().info();
  const data::Feature* feature = info.Find(name);
  if (feature == nullptr || !feature->is_camera()) {
    ThrowUsage("the dataset has no camera '" + name + "'", source.where() + ", camera " + camera.name,
               "map it or say that it is missing; " + SuggestName(name, info.Cameras()));
  }
  if (feature->depth || feature->channels == 1) {
    ThrowUsage("'" + name + "' is a depth camera, and batches hold colour pictures",
               source.where() + ", camera " + camera.name);
  }
  return feature;
}

void CheckCameraNames(const LayoutMap& map, const Layout& layout, const std::string& where) {
  std::vector<std::string> names;
  for (const CameraLayout& camera : layout.cameras) names.push_back(camera.name);
  for (const auto& [name, unused] : map.cameras) {
    if (std::ranges::find(names, name) != names.end()) continue;
    ThrowUsage("the mixture has no camera '" + name + "'", where + ", map", SuggestName(name, names));
  }
}

void CheckFeatureNames(const LayoutMap& map, const Layout& layout, const std::string& where) {
  std::vector<std::string> names;
  for (const NumericLayout& feature : layout.numbers) names.push_back(feature.name);
  const auto check = [&](const std::string& name) {
    if (std::ranges::find(names, name) != names.end()) return;
    ThrowUsage("the mixture has no feature '" + name + "'", where + ", map", SuggestName(name, names));
  };
  for (const auto& [name, unused] : map.slots) check(name);
  for (const auto& [name, unused] : map.conversions) check(name);
}

}  // namespace

BoundSource::BoundSource(const Source& from, const Layout& layout)
    : source(&from), timeline(from.dataset->info().fps, layout.window.control_hz) {
  CheckCameraNames(from.map, layout, where());
  CheckFeatureNames(from.map, layout, where());
  for (const NumericLayout& feature : layout.numbers) {
    const auto converted = from.map.conversions.find(feature.name);
    conversions.emplace_back();
    if (converted != from.map.conversions.end()) {
      conversions.back().emplace(converted->second, dataset().info(), timeline, where() + ", " + feature.name);
      rows.emplace_back(conversions.back()->is_present());
      HEDDLE_DEMAND(static_cast<int64_t>(rows.back().is_present().size()) == feature.size());
      continue;
    }
    rows.emplace_back(feature, from.map, dataset().info(), where());
    if (!timeline.same_rate()) CheckMeanings(feature, rows.back(), *this);
  }
  for (const CameraLayout& camera : layout.cameras) cameras.push_back(FindCamera(camera, *this));
}

int64_t BoundSource::LengthOf(int64_t episode) const {
  return timeline.LengthOf(dataset().episodes()[static_cast<size_t>(episode)].length);
}

}  // namespace heddle::mixture
