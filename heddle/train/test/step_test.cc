#include "heddle/train/step.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <cmath>

#include "heddle/core/test/scratch_folder.h"
#include "heddle/policy/imitation.h"
#include "heddle/tensor/views.h"
#include "heddle/train/test/small_run.h"

namespace heddle::train {
namespace {

// The first step of a run, and its measure of the domains' gradients.
struct FirstStep {
  RunSetup setup;
  contract::Batch batch;
  StepReport report;

  explicit FirstStep(const RunFile& run) : setup(SetUpRun(run)) {
    setup.policy->parameters().Flatten();
    const auto loader = TrainingLoader(setup, 0, 0);
    batch = loader->Next();
    for (auto* tensors : {&batch.values, &batch.is_pad, &batch.is_present, &batch.conditions}) {
      for (auto& [name, value] : *tensors) value = value.clone();
    }
    nn::AdamW optimiser(setup.policy->parameters(), setup.options.optimiser);
    report = TrainStep(setup, optimiser)(batch, 0, /*with_gradients=*/true);
  }
};

// The gradient of one domain's mean row loss in the weights that the run begins with: by backward of one row after the
// other, and by the parameters' names.
struct Reference {
  std::vector<double> shared, all;

  Reference(const RunFile& run, const contract::Batch& batch, int32_t domain) {
    RunSetup setup = SetUpRun(run);
    nn::ParameterSet& parameters = setup.policy->parameters();
    parameters.Flatten();
    const policy::Imitation imitation =
        policy::Imitate(*setup.policy, batch, RandomStream(0, "train.step").Split(0), /*training=*/true);
    parameters.gradients().zero_();
    int64_t count = 0;
    for (size_t row = 0; row < batch.origins.size(); ++row) {
      if (batch.origins[row].domain != domain || !imitation.actions.labelled[row]) continue;
      imitation.row_loss_B[static_cast<int64_t>(row)].backward({}, /*retain_graph=*/true);
      ++count;
    }
    const std::vector<at::Tensor> gradients = parameters.Split(parameters.gradients());
    const int64_t latent = setup.policy->network().latent_size(),
                  labels = setup.policy->network().joined_size() - latent;
    for (size_t i = 0; i < gradients.size(); ++i) {
      const std::string& name = parameters.all()[i].name;
      const at::Tensor gradient = (gradients[i].to(at::kDouble) / count).contiguous();
      const int64_t columns = gradient.dim() == 2 ? gradient.size(1) : 1;
      const auto values = tensor::ViewOf<double>(gradient);
      for (size_t at = 0; at < values.size(); ++at) {
        all.push_back(values[at]);
        if (IsShared(name, static_cast<int64_t>(at) % columns, latent, labels)) shared.push_back(values[at]);
      }
    }
  }

  static bool IsShared(const std::string& name, int64_t column, int64_t latent, int64_t labels) {
    constexpr int64_t kTimeFeatures = 16;
    if (name == "policy.head.first.weight")
      return column < latent || (column >= latent + labels && column < latent + labels + kTimeFeatures);
    return name.starts_with("policy.trunk.") || name.starts_with("policy.head.hidden.") ||
           name == "policy.head.first.bias";
  }
};

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
double Cosine(const std::vector<double>& a, const std::vector<double>& b) {
  return Dot(a, b) / std::sqrt(Dot(a, a) * Dot(b, b));
}

TEST(StepTest, DomainsGradientsAreComparedOnWhatTheyShare) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 3), "cfg",
                               {"batch_size=48", "policy.head.time_features=16", "policy.head.layers=3"});
  const FirstStep first(run);
  const Reference target(run, first.batch, 0);
  ASSERT_EQ(first.report.domain_gradients.size(), 3u);
  for (const int32_t domain : {0, 1, 2}) {
    const Reference own(run, first.batch, domain);
    const DomainGradient& measured = first.report.domain_gradients.at(first.setup.bound.domains[domain]);
    EXPECT_NEAR(measured.norm, std::sqrt(Dot(own.shared, own.shared)), 1e-4 * measured.norm);
    EXPECT_GT(std::sqrt(Dot(own.all, own.all)), 1.01 * measured.norm) << "a body's own columns are no part of it";
    ASSERT_EQ(measured.cosine.has_value(), domain != 0);
    if (domain == 0) continue;
    EXPECT_NEAR(*measured.cosine, Cosine(own.shared, target.shared), 1e-4);
    EXPECT_GT(std::abs(*measured.cosine - Cosine(own.all, target.all)), 1e-3);
  }
}

TEST(StepTest, WithoutTheTargetThereIsNothingToCompareWith) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 2);
  for (const std::string w : {"0", "1"}) {
    const FirstStep first(
        SmallRun(sheet, "mix", {"w=auto", "schedule.kind=stages", "schedule.at=[0]", "schedule.w=[" + w + "]"}));
    ASSERT_EQ(first.report.domain_gradients.size(), 1u);
    EXPECT_EQ(first.report.domain_gradients.begin()->first, w == "1" ? "real" : "sim");
    EXPECT_GT(first.report.domain_gradients.begin()->second.norm, 0);
    EXPECT_FALSE(first.report.domain_gradients.begin()->second.cosine.has_value());
  }
}

TEST(StepTest, TransformersShareAllButTheProjectionsOfActionsAndTheLabels) {
  ScratchFolder scratch;
  const RunSetup setup = SetUpRun(SmallRun(WriteSmallMixture(scratch.path(), 3), "cfg",
                                           {"policy.trunk.kind=transformer", "policy.head.kind=transformer"}));
  int64_t shared = 0, head_and_trunk = 0;
  for (const SharedPart& part : SharedPartsOf(*setup.policy)) {
    if (part.columns.empty()) shared += part.parameter.numel();
    for (const auto& [from, past] : part.columns) shared += part.parameter.size(0) * (past - from);
  }
  for (const nn::Parameter& parameter : setup.policy->parameters().all()) {
    if (parameter.name.starts_with("policy.trunk") || parameter.name.starts_with("policy.head"))
      head_and_trunk += parameter.value.numel();
  }
  // Five actions in and out of a width of 32, with their biases; a column each of three domains.
  EXPECT_EQ(head_and_trunk - shared, (5 * 32 + 32) + (32 * 5 + 5) + 3 * 32);
}

}  // namespace
}  // namespace heddle::train
