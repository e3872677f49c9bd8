#include "heddle/toy/match.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "heddle/tensor/threads.h"
#include "heddle/toy/denoiser.h"
#include "heddle/toy/optimum_samples.h"

namespace heddle::toy {
namespace {

constexpr int kQueries = 1024;
constexpr double kW = 0.1;

// Inputs (x, y, z) and noise, drawn as a batch of training is.
struct Queries {
  std::vector<float> xyz, out, noise;
};

Queries DrawQueries(const World& world, const MatchCase& which, double width, RandomStream random) {
  Queries queries;
  for (int q = 0; q < kQueries; ++q) {
    const bool from_target = random.Uniform() < which.w;
    const Points& points = from_target ? world.target : world.source;
    const std::size_t i = std::size_t(random.Below(std::uint64_t(points.size())));
    const double centre[3] = {points.xy[2 * i], points.xy[2 * i + 1], from_target ? which.delta_z : 0};
    for (const double c : centre) queries.xyz.push_back(float(c + width * random.Normal()));
    for (std::size_t k = 0; k < 2; ++k) queries.out.push_back(points.out[2 * i + k]);
    for (int k = 0; k < 2; ++k) queries.noise.push_back(float(random.Normal()));
  }
  return queries;
}

// error(t) at one level; ε stands for the score, as they differ by -1/σ_t on both sides.
double ErrorAt(const Denoiser& denoiser, int t, const Queries& queries, const theory::Optimum& optimum,
               std::span<const float> parameters, nn::MlpWorker& worker) {
  const theory::NoiseLevel& level = denoiser.levels()[std::size_t(t)];
  at::Tensor noised_QA = at::empty({kQueries, 2}, at::kFloat);
  float* noised = noised_QA.data_ptr<float>();
  for (std::size_t i = 0; i < 2 * kQueries; ++i) {
    noised[i] = float(level.alpha) * queries.out[i] + float(level.sigma) * queries.noise[i];
  }
  for (int q = 0; q < kQueries; ++q) {
    const float* xyz = &queries.xyz[std::size_t(3 * q)];
    denoiser.FillRow(worker.input_row(q), xyz, xyz[2], noised + 2 * q, t);
  }
  worker.Forward(parameters, kQueries);
  const at::Tensor expected = optimum.Eps(noised_QA, level).contiguous();
  const float* eps = expected.const_data_ptr<float>();
  double off = 0, all = 0;
  for (std::size_t i = 0; i < 2 * kQueries; ++i) {
    const double difference = double(worker.outputs(kQueries)[i]) - double(eps[i]);
    off += difference * difference;
    all += double(eps[i]) * double(eps[i]);
  }
  return off / all;
}

}  // namespace

std::vector<MatchCase> MatchCases(const ToyOptions& options) {
  const double h = options.match_width;
  return {{"overlapping", 0.1 * h, kW}, {"structured", 2 * h, kW}, {"disjoint", 20 * h, kW}};
}

Match RunMatch(const ToyOptions& options, const ThreadBudget& budget, const StopFlag* stop,
               const std::function<void()>& done) {
  tensor::SetTensorThreads(ThreadBudget(1));  // as in the sweep
  const Denoiser denoiser(options);
  Match match;
  match.width = options.match_width;
  std::vector<int> levels;
  for (const double signal : {1e-4, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99}) {
    const int t = denoiser.LevelNearSignal(signal);
    if (levels.empty() || t != levels.back()) levels.push_back(t);
  }
  for (const int t : levels) match.signal.push_back(denoiser.levels()[std::size_t(t)].signal());
  const int seeds = int(options.seeds);
  for (const MatchCase& which : MatchCases(options)) {
    match.curves.push_back({which, std::vector(levels.size(), std::vector<double>(std::size_t(seeds)))});
  }
  const int nets = int(match.curves.size()) * seeds;
  nn::MlpStack stack(denoiser.shape(), nets);
  std::vector<std::unique_ptr<nn::MlpWorker>> workers;
  for (int i = 0; i < budget.threads(); ++i) {
    workers.push_back(std::make_unique<nn::MlpWorker>(stack.layout(), std::max(int(options.batch), kQueries)));
  }
  std::mutex reporting;
  const auto run = [&](std::int64_t net, int worker_index) {
    nn::MlpWorker& worker = *workers[std::size_t(worker_index)];
    MatchCurve& curve = match.curves[std::size_t(net / seeds)];
    const int seed = int(net % seeds);
    const RandomStream random =
        RandomStream(std::uint64_t(options.seed + seed), "toy match").Split(std::uint64_t(net / seeds));
    const World world =
        DrawWorld(options.match_source_samples, options.match_target_samples, options.covered, random.Split("world"));
    const TrainingPlan plan{options.match_steps, options.batch, options.learning_rate};
    if (TrainNet(denoiser, plan, {&world, curve.of.delta_z, curve.of.w, match.width}, random, stack, int(net), worker,
                 stop) < 0) {
      return;
    }
    const Queries queries = DrawQueries(world, curve.of, match.width, random.Split("queries"));
    const theory::Optimum optimum = MakeOptimum(world, curve.of.delta_z, curve.of.w, match.width, queries.xyz);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      curve.error[i][std::size_t(seed)] =
          ErrorAt(denoiser, levels[i], queries, optimum, stack.parameters(int(net)), worker);
    }
    const std::lock_guard lock(reporting);
    done();
  };
  const bool whole = ParallelFor(budget, nets, run, stop);
  if (!whole || (stop && stop->requested())) match.curves.clear();
  return match;
}

}  // namespace heddle::toy
