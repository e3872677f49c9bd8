#include "heddle/align/label_net.h"

#include <ATen/ATen.h>

#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::align {
namespace {

constexpr const char* kDomain = "domain";
constexpr const char* kOneLabel = "the batch has rows of one label only: nothing to tell apart";

int64_t NumClasses(const std::string& key, const LabelNetOptions& options, const ObjectiveSetup& setup) {
  const auto found = setup.label_classes.find(options.label);
  if (options.label != kDomain && found == setup.label_classes.end()) {
    std::vector<std::string> known = {kDomain};
    for (const auto& [label, num_values] : setup.label_classes) {
      if (label != kDomain) known.push_back(label);
    }
    ThrowUsage("no label '" + options.label + "' in this mixture", key + ".label", SuggestName(options.label, known));
  }
  const int64_t classes = options.label == kDomain ? setup.num_domains : found->second;
  if (classes < 2) {
    ThrowUsage("every row has the same " + options.label + ", so there is nothing to tell", key + ".label",
               "set " + key + ".weight=0, or mix a second one in");
  }
  return classes;
}

std::vector<int64_t> Sizes(const LabelNetOptions& options, int64_t latent_size, int64_t classes) {
  std::vector<int64_t> sizes(static_cast<size_t>(options.hidden_layers) + 2, options.width);
  sizes.front() = NumDimensions(options.dimensions, latent_size);
  sizes.back() = classes;
  return sizes;
}

int64_t Checked(const std::string& name, const LabelNetOptions& options, const ObjectiveSetup& setup) {
  const std::string key = setup.group + name;
  CheckDimensions(options.dimensions, setup.latent_size, key);
  return NumClasses(key, options, setup);
}

// What each row counts, so that all of them sum to 1 where there are two labels or more, and else to 0.
at::Tensor RowWeights(const at::Tensor& class_B, int64_t num_classes, bool balanced, const at::Tensor& like) {
  const at::Tensor is_BK = class_B.unsqueeze(1) == at::arange(num_classes, class_B.options());
  const at::Tensor count_K = is_BK.sum(0);
  const at::Tensor num_present = (count_K > 0).sum();
  const at::Tensor known_B = (class_B >= 0).to(like.scalar_type());
  const at::Tensor share_B =
      balanced ? known_B / (count_K.index_select(0, class_B.clamp_min(0)).clamp_min(1) * num_present.clamp_min(1))
               : known_B / known_B.sum().clamp_min(1);
  return share_B * (num_present > 1);
}

}  // namespace

LabelNet::LabelNet(const std::string& name, const LabelNetOptions& options, const ObjectiveSetup& setup)
    : options_(options),
      num_classes_(Checked(name, options, setup)),
      net_(ScopeOf(setup, name), Sizes(options, setup.latent_size, num_classes_)) {}

at::Tensor LabelNet::ClassOf(const AlignBatch& batch) const {
  return options_.label == kDomain ? batch.domain_B : batch.labels.at(options_.label) - 1;
}

LabelNet::Verdict LabelNet::operator()(const at::Tensor& z_BD, const AlignBatch& batch) const {
  const at::Tensor class_B = ClassOf(batch), nearest_B = class_B.clamp_min(0);
  const at::Tensor weight_B = RowWeights(class_B, num_classes_, options_.balanced, z_BD);
  const at::Tensor log_share_BK = at::log_softmax(net_(Chosen(z_BD, options_.dimensions)), 1);
  const at::Tensor told_B = log_share_BK.gather(1, nearest_B.unsqueeze(1)).squeeze(1);
  const at::Tensor right_B = (log_share_BK.detach().argmax(1) == class_B).to(weight_B.scalar_type());
  const bool has_two = weight_B.sum().item<double>() > 0;
  return {-(told_B * weight_B).sum(), (right_B * weight_B).sum(), has_two ? "" : kOneLabel};
}

}  // namespace heddle::align
