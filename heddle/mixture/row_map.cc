#include "heddle/mixture/row_map.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

using contract::Array;
using contract::DType;

const data::Feature& NumericFeature(const data::DatasetInfo& info, const std::string& name, const std::string& where) {
  const data::Feature* feature = info.Find(name);
  if (feature == nullptr) {
    std::vector<std::string> known;
    for (const data::Feature& each : info.features) {
      if (each.kind == data::FeatureKind::kNumeric) known.push_back(each.name);
    }
    ThrowUsage("the dataset has no feature '" + name + "'", where, SuggestName(name, known));
  }
  if (feature->kind != data::FeatureKind::kNumeric) ThrowUsage("'" + name + "' does not hold numbers", where);
  return *feature;
}

int64_t PositionOf(const data::Feature& feature, const std::string& name, const std::string& where) {
  const auto found = std::ranges::find(feature.names, name);
  if (found == feature.names.end()) {
    ThrowUsage(
        "'" + feature.name + "' has no dimension '" + name + "'", where,
        feature.names.empty() ? "its dimensions have no names: give positions" : SuggestName(name, feature.names));
  }
  return found - feature.names.begin();
}

// Positions of a slot's numbers among the feature's dimensions (all axes flattened).
std::vector<int64_t> PositionsOf(const SlotMap& map, const data::Feature& feature, const std::string& where) {
  if (!map.names.empty() && !map.positions.empty()) ThrowUsage("give names or positions, not both", where);
  std::vector<int64_t> positions = map.positions;
  for (const std::string& name : map.names) positions.push_back(PositionOf(feature, name, where));
  for (const int64_t position : positions) {
    if (position < 0 || position >= feature.num_values()) {
      ThrowUsage("'" + feature.name + "' has no dimension " + std::to_string(position), where,
                 "it has dimensions 0 to " + std::to_string(feature.num_values() - 1));
    }
  }
  return positions;
}

void CheckScale(const Slot& slot, const SlotMap& map, const std::string& where) {
  if (map.scale == 0 || !std::isfinite(map.scale) || !std::isfinite(map.offset)) {
    ThrowUsage("scale " + FormatDouble(map.scale) + " with offset " + FormatDouble(map.offset) + " is not possible",
               where);
  }
  const bool rotation = slot.meaning == Meaning::kQuaternionXyzw || slot.meaning == Meaning::kQuaternionWxyz;
  if (rotation && (map.scale != 1 || map.offset != 0)) {
    ThrowUsage("a quaternion can't be scaled or shifted", where, "reorder its numbers only");
  }
  if (slot.meaning == Meaning::kDelta && map.offset != 0) {
    ThrowUsage("a delta can't be shifted", where, "an offset cancels in a difference: leave it out");
  }
}

template <class T>
void Gather(const Array& array, int64_t length, int64_t from, double scale, double offset, float* out, int64_t stride) {
  const std::span<const T> values = array.Values<T>();
  const int64_t row_size = static_cast<int64_t>(values.size()) / length;
  const bool plain = scale == 1 && offset == 0;
  for (int64_t row = 0; row < length; ++row) {
    const T value = values[static_cast<size_t>(row * row_size + from)];
    out[row * stride] =
        plain ? static_cast<float>(value) : static_cast<float>(static_cast<double>(value) * scale + offset);
  }
}

void GatherSlowly(const Array& array, int64_t length, int64_t from, double scale, double offset, float* out,
                  int64_t stride) {
  const int64_t row_size = array.size() / length;
  for (int64_t row = 0; row < length; ++row) {
    out[row * stride] = static_cast<float>(array.At(row * row_size + from) * scale + offset);
  }
}

}  // namespace

RowMap::RowMap(const NumericLayout& feature, const LayoutMap& map, const data::DatasetInfo& info,
               const std::string& where) {
  const auto mapped = map.slots.find(feature.name);
  if (mapped == map.slots.end()) {
    AddWhole(feature, info, where);
    return;
  }
  std::vector<std::string> names;
  for (const Slot& slot : feature.slots) names.push_back(slot.name);
  for (const auto& [name, unused] : mapped->second) {
    if (std::ranges::find(names, name) == names.end()) {
      ThrowUsage("the mixture's '" + feature.name + "' has no slot '" + name + "'", where, SuggestName(name, names));
    }
  }
  for (const Slot& slot : feature.slots) {
    const std::string slot_where = where + ", map of " + feature.name + "." + slot.name;
    const auto found = mapped->second.find(slot.name);
    if (found == mapped->second.end()) {
      ThrowUsage("nothing is said of this slot", slot_where, "map it, or say that it is missing");
    }
    SlotMap slot_map = found->second;
    if (slot_map.feature.empty()) slot_map.feature = feature.name;
    AddSlot(slot, slot_map, info, slot_where);
  }
}

void RowMap::AddSlot(const Slot& slot, SlotMap map, const data::DatasetInfo& info, const std::string& where) {
  if (map.missing) {
    picks_.resize(picks_.size() + static_cast<size_t>(slot.size));
    is_present_.resize(picks_.size(), 0);
    return;
  }
  const data::Feature& feature = NumericFeature(info, map.feature, where);
  const std::vector<int64_t> positions = PositionsOf(map, feature, where);
  if (static_cast<int64_t>(positions.size()) != slot.size) {
    ThrowUsage("the slot has " + std::to_string(slot.size) + " numbers, and " + std::to_string(positions.size()) +
                   " are given for it",
               where);
  }
  CheckScale(slot, map, where);
  for (const int64_t position : positions) AddPick(map.feature, position, map.scale, map.offset);
}

void RowMap::AddWhole(const NumericLayout& feature, const data::DatasetInfo& info, const std::string& where) {
  const data::Feature& from = NumericFeature(info, feature.name, where);
  if (from.num_values() != feature.size()) {
    ThrowUsage("the dataset's '" + feature.name + "' has " + std::to_string(from.num_values()) +
                   " numbers and the mixture's " + std::to_string(feature.size()),
               where, "map its slots");
  }
  for (int64_t i = 0; i < from.num_values(); ++i) AddPick(feature.name, i, 1, 0);
}

void RowMap::AddPick(const std::string& feature, int64_t from, double scale, double offset) {
  const auto found = std::ranges::find(features_, feature);
  const auto index = static_cast<size_t>(found - features_.begin());
  if (found == features_.end()) features_.push_back(feature);
  picks_.push_back({index, from, scale, offset});
  is_present_.push_back(1);
}

std::vector<float> RowMap::Apply(std::span<const Array> values, int64_t length) const {
  HEDDLE_DEMAND(values.size() == features_.size());
  const auto row_size = static_cast<int64_t>(picks_.size());
  std::vector<float> out(static_cast<size_t>(length * row_size));
  if (length == 0) return out;
  for (int64_t i = 0; i < row_size; ++i) {
    if (is_present_[static_cast<size_t>(i)] == 0) continue;
    const Pick& pick = picks_[static_cast<size_t>(i)];
    const Array& array = values[pick.feature];
    HEDDLE_DEMAND(array.size() % length == 0 && pick.from < array.size() / length);
    if (array.dtype() == DType::kF32) {
      Gather<float>(array, length, pick.from, pick.scale, pick.offset, out.data() + i, row_size);
    } else if (array.dtype() == DType::kF64) {
      Gather<double>(array, length, pick.from, pick.scale, pick.offset, out.data() + i, row_size);
    } else {
      GatherSlowly(array, length, pick.from, pick.scale, pick.offset, out.data() + i, row_size);
    }
  }
  return out;
}

}  // namespace heddle::mixture
