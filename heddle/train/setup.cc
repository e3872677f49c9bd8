#include "heddle/train/setup.h"

#include <algorithm>
#include <set>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/data/heddle_json.h"
#include "heddle/mixture/sheet/pooled_statistics.h"
#include "heddle/train/schedule.h"

namespace heddle::train {
namespace {

// Of the target's action range, on both sides.
constexpr double kLimitMargin = 0.1;

mixture::WindowChoice ChoiceOf(const DataOptions& data) {
  mixture::WindowChoice choice;
  choice.action_steps = data.action_steps;
  choice.numbers = data.numbers;
  for (const std::string& camera : data.cameras)
    choice.cameras.push_back({.name = camera, .height = data.picture_size, .width = data.picture_size});
  return choice;
}

const char* FitName(mixture::Fit fit) {
  switch (fit) {
    case mixture::Fit::kStretch: return "stretch";
    case mixture::Fit::kCover: return "cover";
    case mixture::Fit::kContain: break;
  }
  return "contain";
}

const policy::ActionOutput& TargetAction(const policy::PolicyLayout& layout, const mixture::BoundSheet& bound) {
  for (const policy::ActionOutput& action : layout.actions) {
    if (action.embodiment == bound.target_embodiment && action.representation == bound.target_representation)
      return action;
  }
  ThrowUsage("the target has no actions", "target",
             "a policy acts as the target does: give it demonstrations with actions");
}

// The target's own sources that have this action, and nothing but it.
mixture::Mixture TargetActions(const mixture::BoundSheet& bound, const std::string& action) {
  mixture::Mixture mixture;
  mixture.layout = bound.mixture.layout;
  std::erase_if(mixture.layout.numbers, [&](const auto& feature) { return feature.name != action; });
  mixture.layout.cameras.clear();
  std::erase_if(mixture.layout.window.deltas_s, [&](const auto& delta) { return delta.first != action; });
  for (const mixture::Source& source : bound.mixture.sources) {
    const auto slots = source.map.slots.find(action);
    const bool missing = slots != source.map.slots.end() && slots->second.begin()->second.missing;
    if (source.domain_name() != bound.domains[static_cast<size_t>(bound.target_domain)] || missing) continue;
    mixture.sources.push_back(source);
    mixture::LayoutMap& map = mixture.sources.back().map;
    std::erase_if(map.slots, [&](const auto& slot) { return slot.first != action; });
    std::erase_if(map.conversions, [&](const auto& conversion) { return conversion.first != action; });
    map.cameras.clear();
  }
  return mixture;
}

// Of the target's own data; where it has no actions, of all that act as it does.
contract::CardLimits LimitsOf(const policy::ActionOutput& action, const mixture::BoundSheet& bound) {
  const mixture::Mixture target = TargetActions(bound, action.name);
  const contract::FeatureStatistics of =
      (target.sources.empty() ? bound.statistics : mixture::PoolStatistics(target)).at(action.name);
  contract::CardLimits limits{.margin = kLimitMargin};
  for (size_t i = 0; i < action.names.size(); ++i) {
    const double margin = kLimitMargin * (of.max[i] - of.min[i]);
    limits.low.push_back(of.min[i] - margin);
    limits.high.push_back(of.max[i] + margin);
  }
  return limits;
}

contract::CardObservation ObservationOf(const policy::PolicyLayout& layout, const std::string& embodiment) {
  contract::CardObservation observation;
  for (const policy::NumberInput& number : layout.numbers) {
    if (number.embodiment.empty() || number.embodiment == embodiment)
      observation.numbers.push_back({.name = number.feature, .names = number.names});
  }
  for (const policy::CameraInput& camera : layout.cameras) {
    observation.cameras.push_back(
        {.name = camera.name, .height = camera.height, .width = camera.width, .fit = camera.fit});
  }
  return observation;
}

// The label that the target acts under: its domain's name, its embodiment's; of other keys what all of the target's
// sources say, if they say the same.
std::string TargetValue(const std::string& key, const mixture::BoundSheet& bound) {
  if (key == "domain") return bound.domains[static_cast<size_t>(bound.target_domain)];
  std::set<std::string> values;
  for (const mixture::Source& source : bound.mixture.sources) {
    if (source.domain_name() != bound.domains[static_cast<size_t>(bound.target_domain)]) continue;
    const auto whole = source.labels.find(key);
    values.insert(whole == source.labels.end() ? "" : whole->second);
  }
  return values.size() == 1 ? *values.begin() : "";
}

// Of the sheet's datasets, in its order; "" for one that is not sealed.
std::vector<std::string> SealsOf(const mixture::BoundSheet& bound) {
  std::vector<std::string> seals;
  bool any = false;
  for (const mixture::Source& source : bound.mixture.sources) {
    const auto json = data::ReadHeddleJson(source.dataset->root());
    seals.push_back(json && json->seal ? json->seal->Id() : "");
    any = any || !seals.back().empty();
  }
  return any ? seals : std::vector<std::string>();
}

std::vector<mixture::WeightStage> ScheduledWeights(const RunSetup& setup) {
  return mixture::StagesOf(setup.sheet, setup.bound, SharesOf(setup.options.schedule, setup.options.steps),
                           setup.options.tau);
}

std::string MethodText(const RunOptions& options) {
  const std::string name = MethodNames()[static_cast<size_t>(options.method)],
                    schedule = ScheduleText(options.schedule);
  return name + (schedule.empty() ? "" : "; " + schedule);
}

contract::AdaptationCard CardOf(const RunSetup& setup) {
  const policy::PolicyLayout& layout = setup.policy->layout();
  const mixture::BoundSheet& bound = setup.bound;
  const policy::ActionOutput& action = TargetAction(layout, bound);
  contract::AdaptationCard card;
  card.embodiment = bound.target_embodiment;
  card.control_hz = layout.control_hz;
  card.observation = ObservationOf(layout, bound.target_embodiment);
  card.action = {.representation = action.representation,
                 .names = action.names,
                 .steps = layout.action_steps,
                 .execute = setup.options.data.execute,
                 .normalisation = "range to -1..1"};
  card.limits = LimitsOf(action, bound);
  for (const policy::ConditionInput& condition : layout.conditions)
    card.conditions.push_back(
        {.key = condition.key, .values = condition.values, .act = TargetValue(condition.key, bound)});
  if (!layout.conditions.empty()) card.guidance.lambda = setup.options.guidance;
  card.sampler = {.kind = setup.policy->noise().sampler_name(), .steps = setup.options.policy.head.sampler_steps};
  card.terms = {.use = mixture::SheetUseNames()[static_cast<size_t>(setup.sheet.use)],
                .licenses = bound.terms.licenses,
                .strictest = bound.terms.Text()};
  card.training = {.method = MethodText(setup.options),
                   .align = AlignText(setup.options),
                   .discern = DiscernText(setup.options),
                   .w = MeanW(setup),
                   .mixture_hash = bound.hash,
                   .data_seals = SealsOf(bound),
                   .training_seed = setup.options.seed};
  return card;
}

std::vector<std::unique_ptr<align::Objective>> ObjectivesOf(RunSetup& setup) {
  align::ObjectiveSetup with{.parameters = setup.policy->parameters(),
                             .latent_size = setup.policy->network().latent_size(),
                             .num_domains = static_cast<int64_t>(setup.bound.domains.size())};
  with.domain_names = setup.bound.domains;
  for (const auto& [key, values] : setup.vocabulary->values())
    with.label_classes[key] = static_cast<int64_t>(values.size());
  return align::MakeObjectives(setup.options.align, setup.options.discern.objectives, with);
}

}  // namespace

policy::PolicyLayout LayoutOf(const mixture::BoundSheet& bound, const RunOptions& options,
                              const mixture::Vocabulary& vocabulary) {
  policy::PolicyLayout layout;
  for (const mixture::BoundFeature& feature : bound.features) {
    if (feature.is_action) {
      layout.actions.push_back({.name = feature.name,
                                .embodiment = feature.embodiment,
                                .representation = feature.representation,
                                .names = feature.dimension_names});
    } else {
      layout.numbers.push_back({.name = feature.name,
                                .feature = feature.feature,
                                .embodiment = feature.embodiment,
                                .names = feature.dimension_names});
    }
  }
  for (const mixture::CameraLayout& camera : bound.mixture.layout.cameras)
    layout.cameras.push_back(
        {.name = camera.name, .height = camera.height, .width = camera.width, .fit = FitName(camera.fit)});
  layout.action_steps = options.data.action_steps;
  layout.control_hz = bound.mixture.layout.window.control_hz;
  std::vector<std::string> known;
  for (const auto& [key, values] : vocabulary.values()) known.push_back(key);
  for (const std::string& key : options.discern.condition.keys) {
    const auto found = vocabulary.values().find(key);
    if (found == vocabulary.values().end())
      ThrowUsage("no source has a label '" + key + "'", "discern.condition.keys", SuggestName(key, known));
    layout.conditions.push_back({.key = key, .values = found->second});
  }
  return layout;
}

std::vector<double> MeanShares(const RunSetup& setup) {
  const auto stages = ScheduledWeights(setup);
  return stages.empty() ? setup.bound.weights.weights : MeanWeights(stages, setup.options.steps);
}

double MeanW(const RunSetup& setup) {
  if (setup.options.schedule.kind == ScheduleKind::kConstant) return setup.bound.w;
  const std::vector<double> shares = MeanShares(setup);
  double w = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    const bool target = setup.bound.mixture.sources[i].domain_name() ==
                        setup.bound.domains[static_cast<size_t>(setup.bound.target_domain)];
    if (target) w += shares[i];
  }
  return std::clamp(w, 0., 1.);
}

int LoaderThreads(const ThreadBudget& budget) { return budget.threads() > 1 ? 1 : 0; }

ThreadBudget TensorThreads(const ThreadBudget& budget) {
  return ThreadBudget(std::max(1, budget.threads() - LoaderThreads(budget)));
}

RunSetup SetUpRun(const RunFile& run) {
  RunSetup setup;
  setup.options = run.options;
  setup.sheet = run.sheet;
  setup.bound = mixture::BindSheet(run.sheet, ChoiceOf(run.options.data), run.options.w, run.options.tau);
  setup.vocabulary = std::make_shared<const mixture::Vocabulary>(setup.bound.mixture.sources);
  policy::PolicySpec spec{.layout = LayoutOf(setup.bound, run.options, *setup.vocabulary),
                          .options = run.options.policy,
                          .conditions = run.options.discern.condition};
  policy::Normaliser normaliser = policy::Normaliser::Of(spec.layout, setup.bound.statistics);
  setup.policy = std::make_unique<policy::Policy>(std::move(spec), std::move(normaliser),
                                                  RandomStream(static_cast<uint64_t>(run.options.seed), "train.init"));
  setup.objectives = ObjectivesOf(setup);
  setup.card = CardOf(setup);
  return setup;
}

std::unique_ptr<mixture::Loader> TrainingLoader(const RunSetup& setup, int64_t first_step, int workers) {
  mixture::LoaderOptions options;
  options.order = {.batch_size = setup.options.batch_size, .seed = static_cast<uint64_t>(setup.options.seed)};
  options.order.stages = ScheduledWeights(setup);
  options.first_step = first_step;
  options.workers = workers;
  options.memory_bytes = static_cast<uint64_t>(setup.options.data.memory_mb) << 20;
  options.vocabulary = setup.vocabulary;
  return std::make_unique<mixture::Loader>(setup.bound.mixture, options);
}

}  // namespace heddle::train
