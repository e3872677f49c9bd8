#include "heddle/align/transport.h"

#include <ATen/ATen.h>

#include <set>
#include <string>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/ot/cost.h"
#include "heddle/ot/sinkhorn.h"

namespace heddle::align {
namespace {

constexpr const char* kOneSided = "the batch has rows of one side only: nothing to transport";

at::Tensor RowsOf(const at::Tensor& domain_B, int64_t domain) { return (domain_B == domain).nonzero().squeeze(1); }

at::Tensor Pick(const at::Tensor& values, const at::Tensor& rows) {
  return values.defined() ? values.index_select(0, rows) : values;
}

class TransportObjective final : public Objective {
 public:
  TransportObjective(const TransportOptions& options, const ObjectiveSetup& setup)
      : options_(options),
        num_domains_(setup.num_domains),
        domain_names_(setup.domain_names),
        epsilon_key_(setup.group + TransportOptions::kName + ".epsilon") {
    const std::string key = setup.group + TransportOptions::kName;
    CheckDimensions(options.dimensions, setup.latent_size, key);
    if (setup.num_domains < 2) {
      ThrowUsage("there is one domain only, so there is nothing to transport", key,
                 "set " + key + ".weight=0, or mix a surrogate in");
    }
    sinkhorn_.epsilon = options.epsilon;
    sinkhorn_.tolerance = options.tolerance;
    sinkhorn_.max_iterations = options.max_iterations;
    if (options.kind == TransportKind::kUnbalanced) sinkhorn_.marginal_a = sinkhorn_.marginal_b = options.marginal;
  }

  std::string name() const override { return TransportOptions::kName; }

  ObjectiveValue operator()(const AlignBatch& batch) override {
    Sums sums;
    const Side target = SideOf(batch, batch.target_domain);
    for (int64_t domain = 0; domain < num_domains_; ++domain) {
      if (domain == batch.target_domain) continue;
      const Side surrogate = SideOf(batch, domain);
      if (target.rows == 0 || surrogate.rows == 0) continue;
      if (!Match(target, surrogate, sums) && told_.insert(domain).second)
        sums.alone.push_back(NameOf(batch.target_domain) + " and " + NameOf(domain));
    }
    return ValueOf(sums, batch.z_BD);
  }

 private:
  struct Side {
    int64_t rows = 0;
    at::Tensor z_Nd, action_NHA, present_NA, common_NHC, common_present_NC;
  };
  struct Sums {
    std::vector<at::Tensor> losses;
    double mass = 0;
    int64_t iterations = 0, unconverged = 0;
    std::vector<std::string> alone;  // pairs of domains that have no action dimension in common
  };

  Side SideOf(const AlignBatch& batch, int64_t domain) const {
    const at::Tensor rows = RowsOf(batch.domain_B, domain);
    Side side{.rows = rows.size(0),
              .z_Nd = Chosen(batch.z_BD, options_.dimensions).index_select(0, rows),
              .action_NHA = {},
              .present_NA = {},
              .common_NHC = {},
              .common_present_NC = {}};
    if (options_.action_weight > 0) {
      side.action_NHA = Pick(batch.action_BHA, rows);
      side.present_NA = Pick(batch.action_present_BA, rows);
      side.common_NHC = Pick(batch.common_action_BHC, rows);
      side.common_present_NC = Pick(batch.common_present_BC, rows);
    }
    return side;
  }

  std::string NameOf(int64_t domain) const {
    return domain_names_.empty() ? "domain " + std::to_string(domain) : domain_names_[static_cast<size_t>(domain)];
  }

  // False where actions were to count and none are common.
  bool Match(const Side& target, const Side& surrogate, Sums& sums) const {
    at::Tensor latent_NM = ot::SquaredEuclideanCost(target.z_Nd, surrogate.z_Nd);
    if (options_.scale_free) latent_NM = latent_NM / MeanOf(latent_NM);
    at::Tensor cost_NM = latent_NM.detach();
    const bool as_asked = options_.action_weight <= 0 || AddActions(target, surrogate, cost_NM);
    const ot::SinkhornResult result = ot::Sinkhorn(cost_NM, sinkhorn_);
    sums.iterations += result.iterations;
    if (!result.transport) {
      ++sums.unconverged;
      return as_asked;
    }
    const at::Tensor& plan_NM = result.transport->plan_NM;
    sums.mass += plan_NM.sum().item<double>();
    sums.losses.push_back((plan_NM * latent_NM).sum());
    return as_asked;
  }

  // Clouds that are one point have no scale: their cost stays 0.
  static at::Tensor MeanOf(const at::Tensor& cost) { return cost.mean().clamp_min(1e-30); }

  // By the dimensions that two rows have both; where they have none, by those that their bodies have in common.
  static ActionCost CostOf(const Side& target, const Side& surrogate) {
    ActionCost own = CommonActionCost(target.action_NHA, target.present_NA, surrogate.action_NHA, surrogate.present_NA);
    if (!target.common_NHC.defined()) return own;
    const ActionCost common = CommonActionCost(target.common_NHC, target.common_present_NC, surrogate.common_NHC,
                                               surrogate.common_present_NC);
    return {at::where(own.shared_NM, own.cost_NM, common.cost_NM), own.shared_NM.logical_or(common.shared_NM)};
  }

  bool AddActions(const Side& target, const Side& surrogate, at::Tensor& cost_NM) const {
    if (!target.action_NHA.defined() || !target.present_NA.defined()) return false;
    const auto [cost, shared_NM] = CostOf(target, surrogate);
    const at::Tensor num_shared = shared_NM.sum();
    if (num_shared.item<int64_t>() == 0) return false;
    const at::Tensor mean = cost.sum() / num_shared;
    at::Tensor action_NM = at::where(shared_NM, cost, mean);
    if (options_.scale_free) action_NM = action_NM / mean.clamp_min(1e-30);
    cost_NM = cost_NM + options_.action_weight * action_NM;
    return true;
  }

  static std::string AloneNote(const std::vector<std::string>& pairs) {
    if (pairs.empty()) return "";
    return "no action dimension is common to " + Join(pairs, ", nor to ") + ": their latents alone are matched";
  }

  ObjectiveValue ValueOf(const Sums& sums, const at::Tensor& z_BD) const {
    const auto count = static_cast<int64_t>(sums.losses.size());
    const at::Tensor mean = count > 0 ? at::stack(sums.losses).mean() : at::zeros({}, z_BD.options());
    ObjectiveValue value{.loss = mean * options_.weight,
                         .scalars = {{"iterations", at::scalar_tensor(static_cast<double>(sums.iterations))},
                                     {"unconverged", at::scalar_tensor(static_cast<double>(sums.unconverged))}},
                         .note = AloneNote(sums.alone)};
    if (count > 0) {
      value.scalars["loss"] = mean.detach();
      value.scalars["mass"] = at::scalar_tensor(sums.mass / static_cast<double>(count));
    }
    const std::string gap = value.note.empty() ? "" : "; ";
    if (sums.unconverged > 0) {
      value.note += gap + std::to_string(sums.unconverged) + " matchings did not converge in " +
                    std::to_string(options_.max_iterations) + " rounds and add nothing: raise " + epsilon_key_;
    } else if (count == 0) {
      value.note += gap + kOneSided;
    }
    return value;
  }

  TransportOptions options_;
  int64_t num_domains_;
  std::vector<std::string> domain_names_;
  std::string epsilon_key_;
  std::set<int64_t> told_;  // surrogates that share no action dimension with the target, each told once
  ot::SinkhornOptions sinkhorn_;
};

}  // namespace

ActionCost CommonActionCost(const at::Tensor& action_NHA, const at::Tensor& present_NA, const at::Tensor& action_MHA,
                            const at::Tensor& present_MA) {
  const at::NoGradGuard no_gradient;
  const int64_t times = action_NHA.size(1);
  const at::Tensor has_NA = present_NA.to(action_NHA.scalar_type()), has_MA = present_MA.to(has_NA.scalar_type());
  // What a row lacks is 0 in the products, whatever stands there.
  const at::Tensor a_NHA = action_NHA.masked_fill(present_NA.logical_not().unsqueeze(1), 0);
  const at::Tensor b_MHA = action_MHA.masked_fill(present_MA.logical_not().unsqueeze(1), 0);
  const at::Tensor squares_NM = a_NHA.square().sum(1).mm(has_MA.t()) + has_NA.mm(b_MHA.square().sum(1).t()) -
                                2 * a_NHA.flatten(1).mm(b_MHA.flatten(1).t());
  const at::Tensor num_NM = has_NA.mm(has_MA.t());
  const at::Tensor mean_NM = squares_NM.clamp_min(0) / (num_NM.clamp_min(1) * times);
  return {at::where(num_NM > 0, mean_NM, at::zeros({}, mean_NM.options())), num_NM > 0};
}

std::unique_ptr<Objective> TransportOptions::Make(const ObjectiveSetup& setup) const {
  return std::make_unique<TransportObjective>(*this, setup);
}

}  // namespace heddle::align
