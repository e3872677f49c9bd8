#include "heddle/toy/denoiser.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/theory/ddim.h"

namespace heddle::toy {
namespace {

constexpr std::int64_t kStepsBetweenStopChecks = 32;

// One batch: rows of the net's input and the noise it is to find.
class BatchMaker {
 public:
  BatchMaker(const Denoiser& denoiser, const TrainingSet& set, std::int64_t batch, RandomStream random)
      : denoiser_(denoiser),
        set_(set),
        random_(std::move(random)),
        noise_(std::size_t(2 * batch)),
        choice_(std::size_t(3 * batch)),
        jitter_(set.input_noise > 0 ? std::size_t(3 * batch) : 0) {}

  // Fills the worker's rows; the result is valid until the next call.
  std::span<const float> Make(nn::MlpWorker& worker) {
    random_.FillNormal(noise_);
    random_.FillUniform(choice_);
    if (!jitter_.empty()) random_.FillNormal(jitter_);
    const int batch = static_cast<int>(noise_.size() / 2);
    for (int b = 0; b < batch; ++b) FillSample(worker.input_row(b), b);
    return noise_;
  }

 private:
  void FillSample(std::span<float> row, int b) {
    const bool from_target = double(choice_[std::size_t(3 * b)]) < set_.w;
    const Points& points = from_target ? set_.world->target : set_.world->source;
    const int i = Pick(choice_[std::size_t(3 * b + 1)], points.size());
    const int t = 1 + Pick(choice_[std::size_t(3 * b + 2)], denoiser_.last_level());
    const auto& level = denoiser_.levels()[std::size_t(t)];
    const float alpha = float(level.alpha), sigma = float(level.sigma);
    float xyz[3] = {points.xy[std::size_t(2 * i)], points.xy[std::size_t(2 * i + 1)],
                    from_target ? float(set_.delta_z) : 0.0f};
    if (!jitter_.empty()) {
      for (int axis = 0; axis < 3; ++axis) xyz[axis] += float(set_.input_noise) * jitter_[std::size_t(3 * b + axis)];
    }
    float noised[2];
    for (int k = 0; k < 2; ++k)
      noised[k] = alpha * points.out[std::size_t(2 * i + k)] + sigma * noise_[std::size_t(2 * b + k)];
    denoiser_.FillRow(row, xyz, xyz[2], noised, t);
  }

  // A float uniform has 24 bits: its bias over at most some thousands of choices is far below what a run could show.
  static int Pick(float uniform, int count) { return std::min(int(uniform * float(count)), count - 1); }

  const Denoiser& denoiser_;
  const TrainingSet set_;
  RandomStream random_;
  std::vector<float> noise_, choice_, jitter_;
};

nn::AdamStep StepAt(std::int64_t step, const TrainingPlan& plan) {
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  const double rate = plan.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * double(step) / double(plan.steps)));
  return {float(kBeta1), float(kBeta2), 1e-8f, float(rate / (1 - std::pow(kBeta1, double(step + 1)))),
          float(1 / std::sqrt(1 - std::pow(kBeta2, double(step + 1))))};
}

}  // namespace

Denoiser::Denoiser(const ToyOptions& options)
    : levels_(theory::CosineLevels(options.noise_levels, 0.008, options.least_signal)),
      sampler_steps_(theory::SamplerSteps(options.noise_levels, options.sampler_steps)) {
  const int frequencies = static_cast<int>(options.time_frequencies);
  shape_ = {3 + 2 + 2 * frequencies, static_cast<int>(options.width), static_cast<int>(options.hidden_layers), 2};
  for (std::size_t t = 0; t < levels_.size(); ++t) {
    const double time = double(t) / double(options.noise_levels);
    const auto frequency = [&](int k) {
      return frequencies == 1 ? 1.0 : std::pow(100.0, double(k) / (frequencies - 1));
    };
    for (int k = 0; k < frequencies; ++k) time_features_.push_back(float(std::sin(frequency(k) * time)));
    for (int k = 0; k < frequencies; ++k) time_features_.push_back(float(std::cos(frequency(k) * time)));
  }
}

int Denoiser::LevelNearSignal(double signal) const {
  int best = 1;
  for (int t = 1; t <= last_level(); ++t) {
    const auto distance = [&](int s) { return std::abs(levels_[std::size_t(s)].signal() - signal); };
    if (distance(t) < distance(best)) best = t;
  }
  return best;
}

void Denoiser::FillRow(std::span<float> row, const float* xy, float z, const float* noised, int t) const {
  const std::size_t features = std::size_t(shape_.inputs) - 5;
  row[0] = xy[0];
  row[1] = xy[1];
  row[2] = z;
  row[3] = noised[0];
  row[4] = noised[1];
  std::copy_n(time_features_.begin() + std::ptrdiff_t(std::size_t(t) * features), features, row.begin() + 5);
}

double TrainNet(const Denoiser& denoiser, const TrainingPlan& plan, const TrainingSet& set, const RandomStream& random,
                nn::MlpStack& stack, int net, nn::MlpWorker& worker, const StopFlag* stop) {
  RandomStream initial = random.Split("initial weights");
  stack.Initialise(net, initial);
  nn::AdamState adam(stack.layout());
  BatchMaker batches(denoiser, set, plan.batch, random.Split("batches"));
  const int batch = static_cast<int>(plan.batch);
  const std::int64_t counted = std::max<std::int64_t>(1, plan.steps / 10);
  double sum = 0;
  for (std::int64_t step = 0; step < plan.steps; ++step) {
    if (stop && step % kStepsBetweenStopChecks == 0 && stop->requested()) return -1;
    const std::span<const float> noise = batches.Make(worker);
    worker.Forward(stack.parameters(net), batch);
    const float loss = worker.SetMeanSquaredError(noise, batch);
    worker.Step(stack.parameters(net), adam, StepAt(step, plan), batch);
    if (step >= plan.steps - counted) sum += double(loss);
  }
  return sum / double(counted);
}

std::vector<float> SamplingStarts(int points, int per_point, const RandomStream& random) {
  std::vector<float> starts(std::size_t(2 * points * per_point));
  RandomStream(random).FillNormal(starts);
  return starts;
}

std::vector<float> SampleNet(const Denoiser& denoiser, std::span<const float> parameters, nn::MlpWorker& worker,
                             int max_batch, std::span<const float> xy, float z, int per_point,
                             const RandomStream& random) {
  const int count = static_cast<int>(xy.size() / 2) * per_point;
  std::vector<float> y = SamplingStarts(count / per_point, per_point, random);
  const std::vector<std::int64_t>& steps = denoiser.sampler_steps();
  for (std::size_t s = 0; s + 1 < steps.size(); ++s) {
    const int t = static_cast<int>(steps[s]);
    const auto [keep, add] =
        theory::DdimStep(denoiser.levels()[std::size_t(t)], denoiser.levels()[std::size_t(steps[s + 1])]);
    for (int first = 0; first < count; first += max_batch) {
      const int batch = std::min(max_batch, count - first);
      for (int b = 0; b < batch; ++b) {
        denoiser.FillRow(worker.input_row(b), xy.data() + 2 * ((first + b) / per_point), z, y.data() + 2 * (first + b),
                         t);
      }
      worker.Forward(parameters, batch);
      const std::span<const float> noise = worker.outputs(batch);
      for (int k = 0; k < 2 * batch; ++k) {
        float& value = y[std::size_t(2 * first + k)];
        value = float(keep) * value + float(add) * noise[std::size_t(k)];
      }
    }
  }
  return y;
}

}  // namespace heddle::toy
