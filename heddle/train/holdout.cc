#include "heddle/train/holdout.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "heddle/policy/imitation.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

constexpr int64_t kBatch = 32;

contract::Batch Kept(const contract::Batch& batch) {
  contract::Batch kept = batch;
  for (auto* tensors : {&kept.values, &kept.is_pad, &kept.is_present, &kept.conditions}) {
    for (auto& [name, value] : *tensors) value = value.clone();
  }
  return kept;
}

// Domain -> its sources that have held-out windows.
std::map<std::string, int64_t> HeldOutSources(const mixture::Mixture& mixture) {
  std::map<std::string, int64_t> count;
  for (const mixture::Source& source : mixture.sources) {
    if (!source.holdout.empty()) ++count[source.domain_name()];
  }
  return count;
}

int64_t Share(int64_t whole, int64_t parts) { return (whole + parts - 1) / parts; }

struct Mean {
  double sum = 0;
  int64_t count = 0;

  void Add(double value) { sum += value, ++count; }
};

std::map<std::string, double> MeansOf(const std::map<std::string, Mean>& sums, bool root) {
  std::map<std::string, double> means;
  for (const auto& [name, sum] : sums) {
    const double mean = sum.sum / static_cast<double>(sum.count);
    means[name] = root ? std::sqrt(mean) : mean;
  }
  return means;
}

at::Tensor NoiseOf(const policy::PolicyLayout& layout, const policy::ActPlan& plan, int64_t rows, int64_t batch) {
  std::vector<at::Tensor> noise;
  for (int64_t row = 0; row < rows; ++row)
    noise.push_back(policy::ActingNoise(layout, plan, static_cast<uint64_t>(row), batch));
  return at::stack(noise);
}

// Of each row whose action is the plan's: mean over the chunk of the squared difference, in normalised units.
void AddErrors(const RunSetup& setup, const policy::Acted& acted, const policy::ActPlan& plan,
               const policy::ActionRows& actions, const std::vector<contract::RowOrigin>& origins,
               std::map<std::string, Mean>& sums) {
  const policy::PolicyLayout& layout = setup.policy->layout();
  const auto at = static_cast<size_t>(layout.ActionAt(plan.action)), all = static_cast<size_t>(layout.num_actions());
  const size_t size = layout.actions[plan.action].names.size(), steps = static_cast<size_t>(layout.action_steps);
  const policy::Scaling& scaling = setup.policy->normaliser().actions;
  const auto said = tensor::ViewOf<float>(acted.actions_BHD);
  const auto truth = tensor::ViewOf<float>(actions.actions_BHA), weight = tensor::ViewOf<float>(actions.weight_BHA);
  for (size_t row = 0; row < origins.size(); ++row) {
    double error = 0, sum = 0;
    for (size_t step = 0; step < steps; ++step) {
      for (size_t d = 0; d < size; ++d) {
        const size_t from = (row * steps + step) * all + at + d;
        const float own =
            (said[(row * steps + step) * size + d] - scaling.centre[at + d]) / scaling.scale[at + d] - truth[from];
        error += static_cast<double>(weight[from]) * own * own;
        sum += static_cast<double>(weight[from]);
      }
    }
    if (sum <= 0) continue;
    sums[setup.bound.domains[static_cast<size_t>(origins[row].domain)]].Add(error / sum);
  }
}

}  // namespace

Holdout::Holdout(const RunSetup& setup) {
  mixture::Mixture mixture = setup.bound.mixture;
  const auto sources = HeldOutSources(mixture);
  if (sources.empty()) return;
  for (mixture::Source& source : mixture.sources)
    source.weight = source.holdout.empty() ? 0 : 1. / static_cast<double>(sources.at(source.domain_name()));
  const auto domains = static_cast<int64_t>(sources.size());
  const int64_t windows = setup.options.log.holdout_windows, batches = Share(windows * domains, kBatch);
  mixture::LoaderOptions options;
  options.order = {.batch_size = domains * Share(windows, batches), .seed = 0};
  options.episodes = mixture::EpisodeSet::kHoldout;
  options.workers = 0;
  options.memory_bytes = static_cast<uint64_t>(setup.options.data.memory_mb) << 19;
  options.vocabulary = setup.vocabulary;
  mixture::Loader loader(std::move(mixture), options);
  for (int64_t batch = 0; batch < batches; ++batch) batches_.push_back(Kept(loader.Next()));
}

std::optional<HoldoutPass> Holdout::Pass(RunSetup& setup, bool with_actions, const Stopped& stopped) const {
  const at::NoGradGuard no_grad;
  HoldoutPass pass;
  std::vector<at::Tensor> shallow, z;
  std::map<std::string, Mean> losses, source_losses, errors;
  const RandomStream random(0, "train.holdout");
  policy::ActPlan plan = policy::ActPlan::Of(*setup.policy, setup.card, "card");
  plan.low.clear(), plan.high.clear();  // the target's; other domains may reach farther
  for (size_t i = 0; i < batches_.size(); ++i) {
    if (stopped()) return std::nullopt;
    const contract::Batch& batch = batches_[i];
    const policy::Imitation imitation =
        policy::Imitate(*setup.policy, batch, random.Split(static_cast<uint64_t>(i)), /*training=*/false);
    shallow.push_back(imitation.latents.shallow_BW);
    z.push_back(imitation.latents.z_BW);
    pass.origins.insert(pass.origins.end(), batch.origins.begin(), batch.origins.end());
    const at::Tensor loss_B = imitation.row_loss_B.contiguous();
    const auto row_losses = tensor::ViewOf<float>(loss_B);
    for (size_t row = 0; row < row_losses.size(); ++row) {
      if (!imitation.actions.labelled[row]) continue;
      const contract::RowOrigin& origin = batch.origins[row];
      losses[setup.bound.domains[static_cast<size_t>(origin.domain)]].Add(row_losses[row]);
      source_losses[setup.bound.mixture.sources[static_cast<size_t>(origin.source)].name].Add(row_losses[row]);
    }
    if (!with_actions) continue;
    const at::Tensor noise = NoiseOf(setup.policy->layout(), plan, imitation.rows.size(), static_cast<int64_t>(i));
    AddErrors(setup, policy::Act(*setup.policy, imitation.rows, noise, plan), plan, imitation.actions, batch.origins,
              errors);
  }
  pass.loss = MeansOf(losses, false);
  pass.source_loss = MeansOf(source_losses, false);
  pass.action_error = MeansOf(errors, true);
  pass.shallow_NW = at::cat(shallow);
  pass.z_NW = at::cat(z);
  return pass;
}

}  // namespace heddle::train
