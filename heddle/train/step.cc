#include "heddle/train/step.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "heddle/nn/learning_rate.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

// The gradient of a value in all parameters, as one vector; zeros where it does not depend on one.
at::Tensor GradientOf(const at::Tensor& value, const std::vector<at::Tensor>& parameters) {
  const auto gradients = torch::autograd::grad({value}, parameters, {}, /*retain_graph=*/true, /*create_graph=*/false,
                                               /*allow_unused=*/true);
  std::vector<at::Tensor> parts;
  for (size_t i = 0; i < gradients.size(); ++i)
    parts.push_back(gradients[i].defined() ? gradients[i].flatten() : at::zeros({parameters[i].numel()}));
  return at::cat(parts);
}

std::vector<contract::RowOrigin> NotFinite(const policy::Imitation& imitation, const contract::Batch& batch) {
  std::vector<contract::RowOrigin> rows;
  const at::Tensor loss_B = imitation.row_loss_B.detach().contiguous();
  const auto losses = tensor::ViewOf<float>(loss_B);
  for (size_t row = 0; row < losses.size(); ++row) {
    if (!std::isfinite(losses[row])) rows.push_back(batch.origins[row]);
  }
  return rows;
}

}  // namespace

TrainStep::TrainStep(RunSetup& setup, nn::AdamW& optimiser)
    : setup_(setup), optimiser_(optimiser), random_(static_cast<uint64_t>(setup.options.seed), "train.step") {}

std::vector<LossTerm> TrainStep::TermsOf(const policy::Imitation& imitation, const contract::Batch& batch, int64_t step,
                                         StepReport& report) {
  std::vector<LossTerm> terms;
  if (imitation.loss.defined()) terms.push_back({"imitation", imitation.loss});
  if (setup_.objectives.empty()) return terms;
  const align::AlignBatch shared = AlignBatchOf(imitation, batch, step);
  for (const auto& objective : setup_.objectives) {
    align::ObjectiveValue value = (*objective)(shared);
    if (value.loss.requires_grad()) terms.push_back({objective->name(), value.loss});
    for (const auto& [name, scalar] : value.scalars) report.scalars[objective->name() + "/" + name] = scalar;
    if (!value.note.empty()) report.notes.push_back(objective->name() + ": " + value.note);
  }
  return terms;
}

align::AlignBatch TrainStep::AlignBatchOf(const policy::Imitation& imitation, const contract::Batch& batch,
                                          int64_t step) const {
  align::AlignBatch shared;
  shared.z_BD = imitation.latents.z_BW;
  std::vector<int64_t> domains;
  for (const contract::RowOrigin& origin : batch.origins) domains.push_back(origin.domain);
  shared.domain_B = tensor::CopyOf<int64_t>(domains, {static_cast<int64_t>(domains.size())});
  shared.labels = batch.conditions;
  shared.action_BHA = imitation.actions.actions_BHA;
  shared.action_present_BA = imitation.actions.present_BA.to(at::kBool);
  shared.target_domain = setup_.bound.target_domain;
  shared.step = step;
  shared.steps = setup_.options.steps;
  return shared;
}

StepReport TrainStep::operator()(const contract::Batch& batch, int64_t step, bool with_gradients) {
  StepReport report;
  const policy::Imitation imitation =
      policy::Imitate(*setup_.policy, batch, random_.Split(static_cast<uint64_t>(step)), /*training=*/true);
  const std::vector<LossTerm> terms = TermsOf(imitation, batch, step, report);
  if (terms.empty()) return report;  // no row of the batch has actions, and nothing else is asked of it
  at::Tensor loss = terms[0].value;
  for (size_t i = 1; i < terms.size(); ++i) loss = loss + terms[i].value;
  for (const LossTerm& term : terms) report.terms[term.name] = term.value.item<double>();
  report.loss = loss.item<double>();
  if (!std::isfinite(report.loss)) {
    report.skipped = true;
    report.blame = NotFinite(imitation, batch);
    return report;
  }
  if (with_gradients) MeasureGradients(terms, imitation, batch, report);
  loss.backward();
  const nn::LearningRateOptions& rate = setup_.options.learning_rate;
  report.gradient_norm =
      optimiser_.Step(setup_.options.optimiser.learning_rate * nn::LearningRateShare(step, setup_.options.steps, rate));
  report.skipped = !std::isfinite(report.gradient_norm);
  if (report.skipped) report.blame = batch.origins;
  return report;
}

void TrainStep::MeasureGradients(const std::vector<LossTerm>& terms, const policy::Imitation& imitation,
                                 const contract::Batch& batch, StepReport& report) const {
  const std::vector<at::Tensor> parameters = setup_.policy->parameters().tensors();
  for (const LossTerm& term : terms)
    report.gradients[term.name] = GradientOf(term.value, parameters).norm().item<double>();
  const auto num_domains = static_cast<int64_t>(setup_.bound.domains.size());
  std::vector<at::Tensor> of_domains(static_cast<size_t>(num_domains));
  for (int64_t domain = 0; domain < num_domains; ++domain) {
    at::Tensor share_B = at::zeros({static_cast<int64_t>(batch.origins.size())});
    const auto share = tensor::MutableViewOf<float>(share_B);
    float count = 0;
    for (size_t row = 0; row < share.size(); ++row) {
      if (batch.origins[row].domain == domain && imitation.actions.labelled[row]) share[row] = ++count > 0 ? 1 : 0;
    }
    if (count > 0)
      of_domains[static_cast<size_t>(domain)] =
          GradientOf((imitation.row_loss_B * share_B).sum() / static_cast<double>(count), parameters);
  }
  const at::Tensor& target = of_domains[static_cast<size_t>(setup_.bound.target_domain)];
  for (size_t domain = 0; domain < of_domains.size(); ++domain) {
    const at::Tensor& own = of_domains[domain];
    if (!own.defined()) continue;
    const double norm = own.norm().item<double>();
    const double product = target.defined() ? own.dot(target).item<double>() : 0;
    const double both = target.defined() ? norm * target.norm().item<double>() : 0;
    report.domain_gradients[setup_.bound.domains[domain]] = {norm, both > 0 ? product / both : 0};
  }
}

}  // namespace heddle::train
