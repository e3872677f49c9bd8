#include "heddle/train/shared_parameters.h"

#include <ATen/ATen.h>

#include <set>
#include <string>

namespace heddle::train {
namespace {

const std::string kTrunk = std::string(policy::Policy::kPrefix) + ".trunk.";
const std::string kHead = std::string(policy::Policy::kPrefix) + ".head.";

// Projections from and to the vector in which all bodies' actions lie side by side.
bool IsOfBodies(const std::string& of_head) {
  static const std::set<std::string> projections = {"last.weight", "last.bias",  "tokens.weight",
                                                    "tokens.bias", "out.weight", "out.bias"};
  return projections.contains(of_head);
}

}  // namespace

std::vector<SharedPart> SharedPartsOf(const policy::Policy& policy) {
  const int64_t latent = policy.network().latent_size(), joined = policy.network().joined_size();
  const int64_t time = policy.spec().options.head.time_features;
  std::vector<SharedPart> parts;
  for (const nn::Parameter& parameter : policy.parameters().all()) {
    if (parameter.name.starts_with(kTrunk)) parts.push_back({parameter.value});
    if (!parameter.name.starts_with(kHead)) continue;
    const std::string of_head = parameter.name.substr(kHead.size());
    if (IsOfBodies(of_head)) continue;
    parts.push_back({parameter.value});
    // Behind the latent's columns stand the labels', and, in the head of tiny runs, the level's and the chunk's.
    if (of_head == "first.weight") parts.back().columns = {{0, latent}, {joined, joined + time}};
    if (of_head == "latent.weight") parts.back().columns = {{0, latent}};
  }
  return parts;
}

std::vector<at::Tensor> TensorsOf(const std::vector<SharedPart>& parts) {
  std::vector<at::Tensor> tensors;
  for (const SharedPart& part : parts) tensors.push_back(part.parameter);
  return tensors;
}

at::Tensor Shared(const std::vector<SharedPart>& parts, const std::vector<at::Tensor>& gradients) {
  std::vector<at::Tensor> entries;
  for (size_t i = 0; i < parts.size(); ++i) {
    const at::Tensor gradient = gradients[i].defined() ? gradients[i] : at::zeros_like(parts[i].parameter);
    if (parts[i].columns.empty()) entries.push_back(gradient.flatten());
    for (const auto& [from, past] : parts[i].columns) entries.push_back(gradient.slice(1, from, past).flatten());
  }
  return at::cat(entries);
}

}  // namespace heddle::train
