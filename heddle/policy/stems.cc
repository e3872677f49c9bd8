#include "heddle/policy/stems.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "heddle/core/error.h"
#include "heddle/policy/picture_input.h"

namespace heddle::policy {
namespace {

bool IsTouch(const NumberInput& input) { return input.feature.find("tactile") != std::string::npos; }

}  // namespace

Stems::Stems(const nn::ParameterScope& scope, const PolicyLayout& layout, const PolicyOptions& options)
    : camera_options_(options.camera) {
  AddNumberStem(scope.Scope("state"), layout, false, options.trunk.width);
  AddNumberStem(scope.Scope("touch"), layout, true, options.trunk.width);
  for (const CameraInput& camera : layout.cameras) {
    constexpr int64_t kSmallest = 32;
    if (CroppedSize(std::min(camera.height, camera.width), options.camera.crop) < kSmallest)
      ThrowUsage("pictures of " + camera.name + " are less than 32 pixels a side after cropping", "data.picture_size",
                 "raise it, or lower policy.camera.crop");
    const nn::ParameterScope own = scope.Scope("camera").Scope(static_cast<int64_t>(cameras_.size()));
    cameras_.push_back(MakeCameraStem(own, options.camera, options.trunk.width));
    missing_.push_back(own.Add("missing", {options.trunk.width}, nn::Init::kSmall));
  }
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

int64_t Stems::num_tokens() const { return static_cast<int64_t>(numbers_.size() + cameras_.size()); }

at::Tensor Stems::CameraToken(size_t camera, const PolicyRows& rows, const RandomStream* random) const {
  std::optional<RandomStream> own;
  if (random != nullptr) own = random->Split(static_cast<uint64_t>(camera));
  const at::Tensor picture_BCHW = PictureInput(rows.pictures[camera], camera_options_, own ? &*own : nullptr);
  const at::Tensor token_BW = (*cameras_[camera])(picture_BCHW);
  const at::Tensor& present_B = rows.picture_present[camera];
  if (present_B.all().item<bool>()) return token_BW;
  return at::where(present_B.unsqueeze(1), token_BW, missing_[camera]);
}

StemTokens Stems::operator()(const PolicyRows& rows, const RandomStream* random) const {
  std::vector<at::Tensor> tokens;
  for (const NumberStem& stem : numbers_) {
    std::vector<at::Tensor> parts;
    for (const Columns& columns : stem.columns) parts.push_back(rows.numbers_BN.narrow(1, columns.from, columns.size));
    tokens.push_back(at::silu(stem.first(parts.size() == 1 ? parts[0] : at::cat(parts, 1))));
  }
  at::Tensor shallow_BW = tokens.empty() ? at::Tensor() : tokens[0];
  if (!cameras_.empty()) {
    std::vector<at::Tensor> seen;
    for (size_t camera = 0; camera < cameras_.size(); ++camera) seen.push_back(CameraToken(camera, rows, random));
    tokens.insert(tokens.end(), seen.begin(), seen.end());
    shallow_BW = seen.size() == 1 ? seen[0] : at::stack(seen).mean(0);
  }
  return {tokens.size() == 1 ? tokens[0].unsqueeze(1) : at::stack(tokens, 1), shallow_BW};
}

}  // namespace heddle::policy
