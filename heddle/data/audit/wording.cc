#include "heddle/data/audit/wording.h"

#include <array>
#include <cstdio>

namespace heddle::data::audit {

std::string DimensionName(const Feature& feature, int64_t dim) {
  if (feature.num_values() == 1) return "";
  if (dim < static_cast<int64_t>(feature.names.size()) &&
      feature.num_values() == static_cast<int64_t>(feature.names.size())) {
    return feature.names[static_cast<size_t>(dim)];
  }
  return "dimension " + std::to_string(dim);
}

std::string FeatureAndDimension(const Feature& feature, int64_t dim) {
  const std::string name = DimensionName(feature, dim);
  if (name.empty()) return feature.name;
  if (name.starts_with("dimension ")) return feature.name + "[" + std::to_string(dim) + "]";
  return feature.name + "[" + name + "]";
}

std::string Figure(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

std::string Count(int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string Percent(double share) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), share < 0.001 ? "%.2g %%" : "%.1f %%", 100 * share);
  return text.data();
}

bool IsSignal(const Feature& feature) {
  if (feature.kind != FeatureKind::kNumeric) return false;
  return feature.name == "action" || feature.name.starts_with("action.") || feature.name.starts_with("observation.");
}

}  // namespace heddle::data::audit
