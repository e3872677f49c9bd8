// The actions of a source whose representation is another than the layout's, bound to its dataset.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/mixture/action_conversion.h"
#include "heddle/mixture/row_map.h"
#include "heddle/mixture/timeline.h"

namespace heddle::mixture {

class RowConversion {
 public:
  // Usage errors as RowMap's; one for rests whose meaning is not known, where the rates differ.
  RowConversion(const ActionConversion& conversion, const data::DatasetInfo& info, const Timeline& timeline,
                const std::string& where);

  // The dataset's features that are needed, each once.
  const std::vector<std::string>& features() const { return features_; }
  // As the layout's numbers.
  std::vector<uint8_t> is_present() const;
  // `values`: as features(), each [length, ...]. Gives the layout's rows at the mixture's rate.
  std::vector<float> Apply(std::span<const contract::Array> values, int64_t length, const std::string& where) const;

 private:
  std::vector<float> Rows(const RowMap& map, std::span<const contract::Array> values, int64_t length) const;

  ActionConversion conversion_;
  Timeline timeline_;
  RowMap actions_, poses_;
  std::vector<std::string> features_;
};

}  // namespace heddle::mixture
