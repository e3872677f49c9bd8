#include "heddle/mixture/sheet/source_feature.h"

#include <algorithm>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/mixture/sheet/action_representation.h"

namespace heddle::mixture {
namespace {

using Dimension = SourceFeature::Dimension;

// Names that do not tell dimensions apart are none.
std::vector<std::string> NamesOf(const data::Feature& feature) {
  const int64_t count = feature.num_values();
  const std::set<std::string> distinct(feature.names.begin(), feature.names.end());
  return static_cast<int64_t>(distinct.size()) == count ? feature.names : NumberNames(count);
}

std::vector<std::string> NumericNames(const data::DatasetInfo& info) {
  std::vector<std::string> names;
  for (const data::Feature& feature : info.features) {
    if (feature.kind == data::FeatureKind::kNumeric && !data::IsBookkeeping(feature.name)) {
      names.push_back(feature.name);
    }
  }
  return names;
}

Dimension Resolve(const std::string& name, const DimensionMap& map, const data::Feature& feature,
                  const std::string& what, const std::string& place) {
  if (map.missing) return {name, 0, 1, 0, true};
  Dimension dimension{name, map.position, map.FullScale(), map.offset, false};
  const std::vector<std::string> names = NamesOf(feature);
  if (!map.from.empty()) {
    const auto found = std::ranges::find(names, map.from);
    if (found == names.end()) {
      ThrowUsage(what + ": '" + feature.name + "' has no dimension '" + map.from + "'", place,
                 feature.names.empty() ? "its dimensions have no names: give places, counted from 0"
                                       : SuggestName(map.from, names));
    }
    dimension.position = found - names.begin();
  }
  if (dimension.position >= static_cast<int64_t>(names.size())) {
    ThrowUsage(what + ": '" + feature.name + "' has no dimension " + std::to_string(dimension.position), place,
               "it has dimensions 0 to " + std::to_string(names.size() - 1));
  }
  return dimension;
}

bool AreNumbers(const std::vector<std::string>& names) {
  return names == NumberNames(static_cast<int64_t>(names.size()));
}

}  // namespace

std::vector<std::string> SourceFeature::names() const {
  std::vector<std::string> all;
  for (const Dimension& dimension : dims) all.push_back(dimension.name);
  return all;
}

std::optional<SourceFeature> FindSourceFeature(const Sheet& sheet, const OpenSource& source, const std::string& name) {
  const auto mapped = source.sheet->map.features.find(name);
  const bool is_mapped = mapped != source.sheet->map.features.end();
  if (is_mapped && mapped->second.missing) return std::nullopt;
  const std::string from = is_mapped && !mapped->second.from.empty() ? mapped->second.from : name;
  const std::string what = "source " + source.sheet->name + ": map." + name;
  const std::string place = sheet.PlaceOf(*source.sheet, "map");
  const data::DatasetInfo& info = source.dataset->info();
  const data::Feature* feature = info.Find(from);
  if (feature == nullptr || feature->kind != data::FeatureKind::kNumeric) {
    if (!is_mapped) return std::nullopt;
    ThrowUsage(what + ": the dataset has no numbers '" + from + "'", place, SuggestName(from, NumericNames(info)));
  }
  SourceFeature found{from, {}, false};
  found.is_whole_numbers = feature->dtype != contract::DType::kF32 && feature->dtype != contract::DType::kF64;
  if (is_mapped && !mapped->second.dims.empty()) {
    for (const auto& [to, map] : mapped->second.dims) found.dims.push_back(Resolve(to, map, *feature, what, place));
  } else {
    for (const std::string& each : NamesOf(*feature)) {
      found.dims.push_back({each, static_cast<int64_t>(found.dims.size()), 1, 0, false});
    }
  }
  return found;
}

bool HaveSameNames(const SourceFeature& a, const SourceFeature& b) {
  std::vector<std::string> first = a.names(), second = b.names();
  if (first == second) return true;
  if (AreNumbers(first) || AreNumbers(second)) return false;
  std::ranges::sort(first);
  std::ranges::sort(second);
  return first == second;
}

std::map<std::string, SlotMap> FillSlots(const std::vector<Slot>& slots, const std::vector<std::string>& names,
                                         const SourceFeature& feature, const std::string& what,
                                         const std::string& place) {
  const std::vector<std::string> own = feature.names();
  for (const std::string& name : own) {
    if (std::ranges::find(names, name) != names.end()) continue;
    ThrowUsage(what + ": the mixture has no dimension '" + name + "'", place,
               "map the dataset's dimensions to: " + Join(names, ", "));
  }
  std::map<std::string, SlotMap> filled;
  size_t next = 0;
  for (const Slot& slot : slots) {
    SlotMap map;
    map.feature = feature.from;
    size_t missing = 0;
    for (int64_t i = 0; i < slot.size; ++i) {
      const std::string& name = names[next++];
      const auto at = std::ranges::find(own, name);
      if (at == own.end()) {
        ThrowUsage(what + ": dimension '" + name + "' is not there", place,
                   "map it, or say that it is missing: dims: {" + name + ": missing}");
      }
      const Dimension& dimension = feature.dims[static_cast<size_t>(at - own.begin())];
      missing += dimension.missing ? 1 : 0;
      map.positions.push_back(dimension.position);
      if (slot.size > 1 && (dimension.scale != 1 || dimension.offset != 0)) {
        ThrowUsage(what + ": '" + name + "' is of a quaternion, which can't be scaled or shifted", place);
      }
      map.scale = dimension.scale;
      map.offset = dimension.offset;
    }
    if (missing > 0 && missing < static_cast<size_t>(slot.size)) {
      ThrowUsage(what + ": of a quaternion only a part is there", place, "say of all four that they are missing");
    }
    filled[slot.name] = missing > 0 ? SlotMap{.missing = true} : map;
  }
  return filled;
}

}  // namespace heddle::mixture
