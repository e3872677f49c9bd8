// How fast the sweep trains: seconds a gradient step of all nets, batches drawn and optimiser included.
//
//   toy_sweep_speed NETS WIDTH STEPS THREADS      prints one JSON object
#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

#include "heddle/core/clock.h"
#include "heddle/core/parallel.h"
#include "heddle/toy/denoiser.h"

using namespace heddle;

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: toy_sweep_speed NETS WIDTH STEPS THREADS\n";
    return 2;
  }
  const int nets = std::atoi(argv[1]), steps = std::atoi(argv[3]), threads = std::atoi(argv[4]);
  toy::ToyOptions options;
  options.width = std::atoi(argv[2]);
  const toy::Denoiser denoiser(options);
  const toy::World world =
      toy::DrawWorld(options.source_samples, options.target_samples, options.covered, RandomStream(1, "speed"));
  nn::MlpStack stack(denoiser.shape(), nets);
  std::vector<std::unique_ptr<nn::MlpWorker>> workers;
  for (int i = 0; i < threads; ++i) {
    workers.push_back(std::make_unique<nn::MlpWorker>(stack.layout(), int(options.batch)));
  }
  const double start = SteadyClock().NowSeconds();
  ParallelFor(ThreadBudget(threads), nets, [&](std::int64_t net, int worker) {
    toy::TrainNet(denoiser, {steps, options.batch, options.learning_rate}, {&world, 1.0, 0.1, 0},
                  RandomStream(1, "net").Split(std::uint64_t(net)), stack, int(net), *workers[std::size_t(worker)],
                  nullptr);
  });
  const double seconds = SteadyClock().NowSeconds() - start;
  std::cout << "{\"seconds_per_step\": " << seconds / steps
            << ", \"flops_per_step\": " << double(denoiser.shape().training_flops()) * double(options.batch) * nets
            << ", \"kernels\": \"" << nn::KernelsOfMachine().name << "\"}\n";
}
