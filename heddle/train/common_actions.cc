#include "heddle/train/common_actions.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

// What poses of two bodies are compared as; empty for actions that are no poses.
std::string PoseKind(const std::string& representation) {
  if (representation == "ee_absolute" || representation == "wrist_absolute") return "absolute";
  if (representation == "ee_delta" || representation == "wrist_delta") return "delta";
  return "";
}

// The columns of each kind and name; of each body one.
std::map<std::pair<std::string, std::string>, std::vector<int64_t>> PoseColumns(const policy::PolicyLayout& layout) {
  std::map<std::pair<std::string, std::string>, std::vector<int64_t>> columns;
  std::set<std::vector<std::string>> seen;
  for (size_t i = 0; i < layout.actions.size(); ++i) {
    const policy::ActionOutput& action = layout.actions[i];
    const std::string kind = PoseKind(action.representation);
    for (size_t d = 0; !kind.empty() && d < action.names.size(); ++d) {
      if (seen.insert({action.embodiment, kind, action.names[d]}).second)
        columns[{kind, action.names[d]}].push_back(layout.ActionAt(i) + static_cast<int64_t>(d));
    }
  }
  return columns;
}

template <class T>
at::Tensor TensorOf(const std::vector<T>& values) {
  return tensor::CopyOf<T>(values, {static_cast<int64_t>(values.size())});
}

}  // namespace

CommonActions::CommonActions(const policy::PolicyLayout& layout, const policy::Normaliser& normaliser) {
  std::vector<int64_t> own, common;
  std::vector<float> gains, shifts;
  const policy::Scaling& scaling = normaliser.actions;
  for (const auto& [kind_and_name, columns] : PoseColumns(layout)) {
    if (columns.size() < 2) continue;
    const auto centre = [&](int64_t column) { return scaling.centre[static_cast<size_t>(column)]; };
    const auto scale = [&](int64_t column) { return scaling.scale[static_cast<size_t>(column)]; };
    float low = centre(columns[0]) - scale(columns[0]), high = centre(columns[0]) + scale(columns[0]);
    for (const int64_t column : columns) {
      low = std::min(low, centre(column) - scale(column));
      high = std::max(high, centre(column) + scale(column));
    }
    for (const int64_t column : columns) {
      own.push_back(column);
      common.push_back(size_);
      gains.push_back(2 * scale(column) / (high - low));
      shifts.push_back((2 * centre(column) - low - high) / (high - low));
    }
    ++size_;
  }
  own_P_ = TensorOf(own), common_P_ = TensorOf(common);
  gain_P_ = TensorOf(gains), shift_P_ = TensorOf(shifts);
}

CommonActions::Rows CommonActions::operator()(const policy::ActionRows& actions) const {
  const at::Tensor has_BP = actions.present_BA.index_select(1, own_P_);
  const at::Tensor own_BHP = actions.actions_BHA.index_select(2, own_P_) * gain_P_ + shift_P_;
  const int64_t rows = own_BHP.size(0), times = own_BHP.size(1);
  const at::Tensor actions_BHC = at::zeros({rows, times, size_}, own_BHP.options());
  const at::Tensor present_BC = at::zeros({rows, size_}, has_BP.options());
  // A row is of one body, so at most one of the columns that meet here is there.
  return {actions_BHC.index_add(2, common_P_, own_BHP * has_BP.unsqueeze(1)),
          present_BC.index_add(1, common_P_, has_BP).to(at::kBool)};
}

}  // namespace heddle::train
