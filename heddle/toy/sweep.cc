#include "heddle/toy/sweep.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <mutex>

#include "heddle/core/check.h"
#include "heddle/core/clock.h"
#include "heddle/tensor/threads.h"
#include "heddle/toy/optimum_samples.h"

namespace heddle::toy {
namespace {

bool IsFinite(double training_loss, const Losses& losses) {
  return std::isfinite(training_loss) && std::isfinite(losses.whole) && std::isfinite(losses.ood_median);
}

}  // namespace

Sweep::Sweep(const ToyOptions& options)
    : options_(options),
      denoiser_(options),
      grid_(MakeGrid(options)),
      stack_(denoiser_.shape(), int(options.seeds) * int(options.delta_z.size()) * int(options.w.size() + 1)),
      outcomes_(std::size_t(stack_.nets())) {
  for (int seed = 0; seed < int(options.seeds); ++seed) {
    worlds_.push_back(
        DrawWorld(options.source_samples, options.target_samples, options.covered, StreamOfSeed(seed).Split("world")));
    kernel_widths_.push_back(0);
  }
}

NetKey Sweep::KeyOf(int net) const {
  const int columns = num_w() + 1;
  return {net / (columns * num_delta_z()), net / columns % num_delta_z(), net % columns};
}

int Sweep::NetOf(const NetKey& key) const {
  HEDDLE_DEMAND(key.delta_z >= 0 && key.delta_z < num_delta_z() && key.w >= 0 && key.w <= num_w());
  return (key.seed * num_delta_z() + key.delta_z) * (num_w() + 1) + key.w;
}

int Sweep::NetInOrder(int n) const {
  const int columns = num_w() + 1, first = n / columns * columns;
  return n == first ? first + num_w() : n - 1;
}

RandomStream Sweep::StreamOfSeed(int seed) const {
  return RandomStream(std::uint64_t(options_.seed) + std::uint64_t(seed), "toy");
}

bool Sweep::Run(const ThreadBudget& budget, const StopFlag* stop, const std::function<void(int net)>& done) {
  // Each thread of the sweep runs the optimum by itself: its tensor operations must not spread further.
  tensor::SetTensorThreads(ThreadBudget(1));
  const int rows = std::max(int(options_.batch), 256);
  std::vector<std::unique_ptr<nn::MlpWorker>> workers;
  for (int i = 0; i < budget.threads(); ++i) workers.push_back(std::make_unique<nn::MlpWorker>(stack_.layout(), rows));
  std::mutex reporting;
  const auto find_width = [&](std::int64_t seed, int) {
    kernel_widths_[std::size_t(seed)] = KernelWidthOf(worlds_[std::size_t(seed)].source);
  };
  const auto run_net = [&](std::int64_t n, int worker) {
    const int net = NetInOrder(int(n));
    RunNet(net, *workers[std::size_t(worker)], stop);
    if (!outcomes_[std::size_t(net)].complete) return;
    const std::lock_guard lock(reporting);
    done(net);
  };
  if (!ParallelFor(budget, options_.seeds, find_width, stop) || !ParallelFor(budget, nets(), run_net, stop))
    return false;
  return std::all_of(outcomes_.begin(), outcomes_.end(), [](const NetOutcome& o) { return o.complete || o.diverged; });
}

void Sweep::RunNet(int net, nn::MlpWorker& worker, const StopFlag* stop) {
  const NetKey key = KeyOf(net);
  const double start = SteadyClock().NowSeconds();
  const double delta_z = delta_z_of(key), w = w_of(key);
  const World& data = world(key.seed);
  const RandomStream of_seed = StreamOfSeed(key.seed);
  const RandomStream of_net =
      of_seed.Split("net").Split(std::bit_cast<std::uint64_t>(delta_z)).Split(std::bit_cast<std::uint64_t>(w));

  NetOutcome outcome;
  outcome.training_loss = TrainNet(denoiser_, {options_.steps, options_.batch, options_.learning_rate},
                                   {&data, delta_z, w, 0}, of_net, stack_, net, worker, stop);
  if (outcome.training_loss < 0) return;
  const int per_point = int(options_.samples_per_point);
  const RandomStream starts = of_seed.Split("sampling");
  std::vector<float> samples = SampleNet(denoiser_, stack_.parameters(net), worker, std::max(int(options_.batch), 256),
                                         grid_.xy, float(delta_z), per_point, starts);
  outcome.loss = MeasureLosses(grid_, samples, per_point);
  outcome.following = MeasureFollowing(grid_, samples, per_point);
  outcome.optimum = MeasureLosses(
      grid_, SampleOptimum(denoiser_, data, delta_z, w, kernel_width(key.seed), grid_.xy, per_point, starts),
      per_point);
  outcome.diverged = !IsFinite(outcome.training_loss, outcome.loss);
  outcome.complete = !outcome.diverged;
  if (key.seed == 0 && outcome.complete) {
    outcome.samples = std::move(samples);
    if (key.w < num_w()) outcome.fields = MakeFields(*this, key);
  }
  outcome.seconds = SteadyClock().NowSeconds() - start;
  outcomes_[std::size_t(net)] = std::move(outcome);
}

std::vector<NetKey> Sweep::Diverged() const {
  std::vector<NetKey> keys;
  for (int net = 0; net < nets(); ++net) {
    if (outcomes_[std::size_t(net)].diverged) keys.push_back(KeyOf(net));
  }
  return keys;
}

std::vector<int> Sweep::CompleteSeeds() const {
  std::vector<int> seeds;
  const int per_seed = num_delta_z() * (num_w() + 1);
  for (int seed = 0; seed < int(options_.seeds); ++seed) {
    const auto first = outcomes_.begin() + seed * per_seed;
    if (std::all_of(first, first + per_seed, [](const NetOutcome& o) { return o.complete; })) seeds.push_back(seed);
  }
  return seeds;
}

}  // namespace heddle::toy
