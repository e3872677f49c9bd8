#include "heddle/train/step.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "heddle/nn/learning_rate.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

// The gradient of a value in each parameter; undefined where it does not depend on one.
std::vector<at::Tensor> GradientOf(const at::Tensor& value, const std::vector<at::Tensor>& parameters) {
  return torch::autograd::grad({value}, parameters, {}, /*retain_graph=*/true, /*create_graph=*/false,
                               /*allow_unused=*/true);
}

double NormOf(const std::vector<at::Tensor>& gradients) {
  double squares = 0;
  for (const at::Tensor& gradient : gradients) {
    if (gradient.defined()) squares += gradient.square().sum().item<double>();
  }
  return std::sqrt(squares);
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
    : setup_(setup),
      optimiser_(optimiser),
      random_(static_cast<uint64_t>(setup.options.seed), "train.step"),
      common_actions_(setup.policy->layout(), setup.policy->normaliser()),
      shared_(SharedPartsOf(*setup.policy)) {}

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
  if (!common_actions_.empty()) {
    const CommonActions::Rows common = common_actions_(imitation.actions);
    shared.common_action_BHC = common.actions_BHC;
    shared.common_present_BC = common.present_BC;
  }
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
  if (with_gradients) {
    MeasureTerms(terms, report);
    MeasureDomains(imitation, batch, report);
  }
  loss.backward();
  const nn::LearningRateOptions& rate = setup_.options.learning_rate;
  report.gradient_norm =
      optimiser_.Step(setup_.options.optimiser.learning_rate * nn::LearningRateShare(step, setup_.options.steps, rate));
  report.skipped = !std::isfinite(report.gradient_norm);
  if (report.skipped) report.blame = batch.origins;
  return report;
}

void TrainStep::MeasureTerms(const std::vector<LossTerm>& terms, StepReport& report) const {
  const std::vector<at::Tensor> parameters = setup_.policy->parameters().tensors();
  for (const LossTerm& term : terms) report.gradients[term.name] = NormOf(GradientOf(term.value, parameters));
}

void TrainStep::MeasureDomains(const policy::Imitation& imitation, const contract::Batch& batch,
                               StepReport& report) const {
  const std::vector<at::Tensor> parameters = TensorsOf(shared_);
  std::vector<at::Tensor> of_domains(setup_.bound.domains.size());
  for (size_t domain = 0; domain < of_domains.size(); ++domain) {
    std::vector<int64_t> rows;
    for (size_t row = 0; row < batch.origins.size(); ++row) {
      if (static_cast<size_t>(batch.origins[row].domain) == domain && imitation.actions.labelled[row])
        rows.push_back(static_cast<int64_t>(row));
    }
    if (rows.empty()) continue;
    const at::Tensor at_N = tensor::CopyOf<int64_t>(rows, {static_cast<int64_t>(rows.size())});
    of_domains[domain] = Shared(shared_, GradientOf(imitation.row_loss_B.index_select(0, at_N).mean(), parameters));
  }
  const auto target = static_cast<size_t>(setup_.bound.target_domain);
  for (size_t domain = 0; domain < of_domains.size(); ++domain) {
    const at::Tensor &own = of_domains[domain], &wanted = of_domains[target];
    if (!own.defined()) continue;
    DomainGradient& gradient = report.domain_gradients[setup_.bound.domains[domain]];
    gradient.norm = own.norm().item<double>();
    if (domain == target || !wanted.defined()) continue;
    const double both = gradient.norm * wanted.norm().item<double>();
    if (both > 0) gradient.cosine = own.dot(wanted).item<double>() / both;
  }
}

}  // namespace heddle::train
