#include "heddle/policy/stems.h"

#include <ATen/ATen.h>

#include "heddle/core/error.h"

namespace heddle::policy {
namespace {

bool IsTouch(const NumberInput& input) { return input.feature.find("tactile") != std::string::npos; }

}  // namespace

Stems::Stems(const nn::ParameterScope& scope, const PolicyLayout& layout, const PolicyOptions& options) {
  AddNumberStem(scope.Scope("state"), layout, false, options.trunk.width);
  AddNumberStem(scope.Scope("touch"), layout, true, options.trunk.width);
  if (!layout.cameras.empty()) ThrowUsage("cameras are not built yet", "cameras");
}

void Stems::AddNumberStem(const nn::ParameterScope& scope, const PolicyLayout& layout, bool touch, int64_t width) {
  std::vector<Columns> columns;
  int64_t size = 0;
  const auto add = [&](int64_t from, int64_t count) {
    size += count;
    if (!columns.empty() && columns.back().from + columns.back().size == from) {
      columns.back().size += count;
    } else {
      columns.push_back({from, count});
    }
  };
  for (size_t i = 0; i < layout.numbers.size(); ++i) {
    if (IsTouch(layout.numbers[i]) == touch) add(layout.NumberAt(i), layout.numbers[i].size());
  }
  for (size_t i = 0; i < layout.numbers.size(); ++i) {
    if (IsTouch(layout.numbers[i]) == touch) add(layout.num_numbers() + static_cast<int64_t>(i), 1);
  }
  if (size > 0) numbers_.push_back({columns, nn::Linear(scope, size, width)});
}

int64_t Stems::num_tokens() const { return static_cast<int64_t>(numbers_.size()); }

StemTokens Stems::operator()(const PolicyRows& rows, const RandomStream*) const {
  std::vector<at::Tensor> tokens;
  for (const NumberStem& stem : numbers_) {
    std::vector<at::Tensor> parts;
    for (const Columns& columns : stem.columns) parts.push_back(rows.numbers_BN.narrow(1, columns.from, columns.size));
    tokens.push_back(at::silu(stem.first(parts.size() == 1 ? parts[0] : at::cat(parts, 1))));
  }
  const at::Tensor shallow_BW = tokens[0];
  return {tokens.size() == 1 ? tokens[0].unsqueeze(1) : at::stack(tokens, 1), shallow_BW};
}

}  // namespace heddle::policy
