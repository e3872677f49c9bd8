// The numbers of a dataset's episode in the mixture's layout: dimensions picked, reordered, scaled and shifted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/mixture/layout.h"
#include "heddle/mixture/source.h"

namespace heddle::mixture {

class RowMap {
 public:
  // For one feature of the layout. `where` names the source. Usage error: a feature, name or position that the dataset
  // lacks (with the nearest right name), text or pictures, another number of dimensions than the slot's, a slot that
  // the map doesn't name or the layout doesn't have, a scale of 0 or not finite, an offset on deltas, either of them on
  // a quaternion.
  RowMap(const NumericLayout& feature, const LayoutMap& map, const data::DatasetInfo& info, const std::string& where);
  // One that picks nothing, of a feature that is made elsewhere (heddle/mixture/row_conversion.h).
  explicit RowMap(std::vector<uint8_t> is_present) : is_present_(std::move(is_present)) {}

  // The dataset's features that are needed, each once.
  const std::vector<std::string>& features() const { return features_; }
  // D flags: 0 where the dataset has nothing.
  const std::vector<uint8_t>& is_present() const { return is_present_; }
  // From the features' values of an episode, in the order of features(), each [L, ...]: L rows of D numbers.
  std::vector<float> Apply(std::span<const contract::Array> values, int64_t length) const;

 private:
  struct Pick {
    size_t feature = 0;
    int64_t from = 0;  // dimension
    double scale = 1, offset = 0;
  };

  void AddSlot(const Slot& slot, SlotMap map, const data::DatasetInfo& info, const std::string& where);
  void AddWhole(const NumericLayout& feature, const data::DatasetInfo& info, const std::string& where);
  void AddPick(const std::string& feature, int64_t from, double scale, double offset);

  std::vector<std::string> features_;
  std::vector<Pick> picks_;  // one a dimension; not looked at where is_present_ is 0
  std::vector<uint8_t> is_present_;
};

}  // namespace heddle::mixture
