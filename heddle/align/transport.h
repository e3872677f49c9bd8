// Alignment by optimal transport: in each batch the target's rows are matched with each surrogate's, and matched
// latents are drawn together.
//
//   C_ij = ‖z_i - z'_j‖²/m_z + action_weight · ‖a_i - a'_j‖²/m_a      i of the target, j of the surrogate
//   P    = Sinkhorn(C), a constant                                     heddle/ot/sinkhorn.h
//   loss = weight · mean over surrogates of Σ_ij P_ij ‖z_i - z'_j‖²/m_z
//
// m_z and m_a are the mean squared distances of the batch (1 unless scale_free), so that ε and the loss do not depend
// on how large latents are. m_z has its gradient: were it a constant, shrinking all latents would be rewarded, the more
// the smaller they are, and they would collapse. ‖a - a'‖² is the mean over the action's times and the dimensions that
// both rows have; of two rows that share none, over what their bodies have in common (AlignBatch::common_action_BHC).
// Two rows without either have the mean action cost of the others; where no rows have any, latents alone are matched,
// and a note says once between which domains.
#pragma once

#include <memory>

#include "heddle/align/dimensions.h"
#include "heddle/align/objective.h"

namespace heddle::align {

enum class TransportKind { kBalanced, kUnbalanced };

struct TransportOptions {
  static constexpr const char* kName = "transport";
  static constexpr const char* kDoc =
      "Optimal transport between the domains' rows of a batch: matched latents attract.";
  double weight = 0;
  TransportKind kind = TransportKind::kBalanced;
  double marginal = 1;
  double epsilon = 0.1;
  double action_weight = 0;
  bool scale_free = true;
  Dimensions dimensions;
  double tolerance = 1e-3;
  int64_t max_iterations = 500;

  template <class V>
  void Visit(V& v) {
    v.Field("weight", weight, {.doc = "its share in the loss; 0 is off", .min = 0, .max = 1e4});
    v.Field("kind", kind,
            {.doc = "whether all rows must be matched, or rows that are far from all others may be left",
             .names = {"balanced", "unbalanced"}});
    v.Field("marginal", marginal,
            {.doc = "unbalanced: the cost beyond which a row is rather left, in mean squared distances",
             .max = 1e6,
             .above = 0});
    v.Field("epsilon", epsilon,
            {.doc = "how blurred the matching is, in mean squared distances; below .02 solving is slow",
             .max = 1e3,
             .above = 0});
    v.Field("action_weight", action_weight,
            {.doc = "how much the actions' distance counts in the matching beside the latents'", .min = 0, .max = 1e4});
    v.Field("scale_free", scale_free,
            {.doc = "distances are divided by their mean; else epsilon and marginal are in units of the latents"});
    v.Field("dimensions", dimensions, {.doc = kDimensionsDoc, .min = 0, .max = 1e6});
    v.Field("tolerance", tolerance, {.doc = "the share of mass that may be matched wrongly", .max = 0.1, .above = 0});
    v.Field("max_iterations", max_iterations,
            {.doc = "rounds after which a matching is given up: it then adds nothing, and is counted",
             .min = 1,
             .max = 1e6});
  }
  // kUsage for fewer than two domains and for dimensions that the latent does not have.
  std::unique_ptr<Objective> Make(const ObjectiveSetup& setup) const;
};

// C_a above between rows of two domains, and where two rows share a dimension. Both [N, M], without gradient.
struct ActionCost {
  at::Tensor cost_NM;    // 0 where they share none
  at::Tensor shared_NM;  // bool
};
// actions [N, H, A] and [M, H, A]; present [N, A] and [M, A], bool.
ActionCost CommonActionCost(const at::Tensor& action_NHA, const at::Tensor& present_NA, const at::Tensor& action_MHA,
                            const at::Tensor& present_MA);

}  // namespace heddle::align
