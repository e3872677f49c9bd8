// Whole training steps with data in memory.
//
//   train_step_speed POLICY FOLDER      POLICY: mlp, image, transformer
//
// Writes into FOLDER what a peer needs to take the same steps: the first weights, the batches, and for the first steps
// what chance made of them. Then answers each line of standard input with a line of JSON:
//
//   losses N             loss and gradient norm of the first N steps (to be asked for first)
//   steps THREADS N      seconds for N steps
//   parts THREADS N      seconds that N steps spend in the parts of a step
//   rate THREADS N       floating-point operations a second of N products of 1024 x 1024 matrices
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "heddle/core/clock.h"
#include "heddle/core/error.h"
#include "heddle/policy/picture_input.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/train/step.h"
#include "policies.h"

using namespace heddle;

namespace {

constexpr int64_t kBatches = 8, kComparedSteps = 5;

class Bench {
 public:
  explicit Bench(const std::string& name) : measured_(benchmarks::MeasuredPolicy(name, /*told=*/false)) {
    setup_.options.steps = 1'000'000;
    setup_.policy = benchmarks::MakePolicy(measured_);
    setup_.bound.domains = {"real"};
    optimiser_ = std::make_unique<nn::AdamW>(setup_.policy->parameters(), setup_.options.optimiser);
    step_ = std::make_unique<train::TrainStep>(setup_, *optimiser_);
    for (int64_t i = 0; i < kBatches; ++i)
      batches_.push_back(benchmarks::MakeBatch(measured_, measured_.batch_size, static_cast<uint64_t>(i)));
  }

  train::StepReport Step() {
    const int64_t step = done_++;
    return (*step_)(batches_[static_cast<size_t>(step % kBatches)], step, /*with_gradients=*/false);
  }

  void Export(const std::filesystem::path& folder) const;
  void Losses(int64_t steps);
  void Steps(int64_t steps);
  void Parts(int64_t steps);

 private:
  benchmarks::Measured measured_;
  train::RunSetup setup_;
  std::unique_ptr<nn::AdamW> optimiser_;
  std::unique_ptr<train::TrainStep> step_;
  std::vector<contract::Batch> batches_;
  int64_t done_ = 0;
};

void Bench::Export(const std::filesystem::path& folder) const {
  const policy::Policy& policy = *setup_.policy;
  tensor::NamedTensors weights, data;
  for (const nn::Parameter& parameter : policy.parameters().all()) weights[parameter.name] = parameter.value.detach();
  const auto put = [&data](const std::string& prefix, const std::string& name, const at::Tensor& value) {
    data[prefix + "/" + name] = value.contiguous();
  };
  for (int64_t i = 0; i < kBatches; ++i) {
    for (const auto& [name, value] : batches_[static_cast<size_t>(i)].values)
      put("batch" + std::to_string(i), name, value);
  }
  const RandomStream root(static_cast<uint64_t>(setup_.options.seed), "train.step");
  for (int64_t step = 0; step < kComparedSteps; ++step) {
    const contract::Batch& batch = batches_[static_cast<size_t>(step % kBatches)];
    const RandomStream random = root.Split(static_cast<uint64_t>(step));
    const policy::PolicyRows rows = policy::RowsOf(batch, policy.layout(), policy.normaliser());
    const policy::ActionRows actions = policy::ActionsOf(batch, policy.layout(), policy.normaliser());
    const auto noised = policy.noise().Noise(actions, random.Split("noise"));
    const std::string prefix = "step" + std::to_string(step);
    put(prefix, "numbers", rows.numbers_BN);
    put(prefix, "noised", noised.noised_BHA);
    put(prefix, "wanted", noised.wanted_BHA);
    put(prefix, "level", noised.level_B);
    for (size_t camera = 0; camera < rows.pictures.size(); ++camera) {
      const RandomStream own = random.Split("pictures").Split(static_cast<uint64_t>(camera));
      put(prefix, "picture" + std::to_string(camera),
          policy::PictureInput(rows.pictures[camera], measured_.spec.options.camera, &own));
    }
  }
  tensor::WriteSafetensors(folder / "weights.safetensors", weights);
  tensor::WriteSafetensors(folder / "data.safetensors", data);
}

void Bench::Losses(int64_t steps) {
  std::ostringstream losses, norms;
  losses.precision(9), norms.precision(9);
  for (int64_t i = 0; i < steps; ++i) {
    const train::StepReport report = Step();
    losses << (i > 0 ? ", " : "") << report.loss;
    norms << (i > 0 ? ", " : "") << report.gradient_norm;
  }
  std::cout << "{\"losses\": [" << losses.str() << "], \"norms\": [" << norms.str() << "]}" << std::endl;
}

void Bench::Steps(int64_t steps) {
  const double start = SteadyClock().NowSeconds();
  for (int64_t i = 0; i < steps; ++i) Step();
  std::cout << "{\"seconds\": " << SteadyClock().NowSeconds() - start << "}" << std::endl;
}

// As TrainStep does it, taken apart.
void Bench::Parts(int64_t steps) {
  const Clock& clock = SteadyClock();
  const policy::Policy& policy = *setup_.policy;
  double rows = 0, pictures = 0, forward = 0, backward = 0, optimiser = 0;
  for (int64_t i = 0; i < steps; ++i) {
    const contract::Batch& batch = batches_[static_cast<size_t>(i % kBatches)];
    const RandomStream random(static_cast<uint64_t>(i), "parts");
    const double begin = clock.NowSeconds();
    const policy::PolicyRows inputs = policy::RowsOf(batch, policy.layout(), policy.normaliser());
    policy.noise().Noise(policy::ActionsOf(batch, policy.layout(), policy.normaliser()), random);
    const double seen = clock.NowSeconds();
    for (const at::Tensor& each : inputs.pictures) policy::PictureInput(each, measured_.spec.options.camera, &random);
    const double imitated = clock.NowSeconds();
    const policy::Imitation imitation = policy::Imitate(policy, batch, random, /*training=*/true);
    const double said = clock.NowSeconds();
    imitation.loss.backward();
    const double learned = clock.NowSeconds();
    optimiser_->Step(1e-3);
    rows += seen - begin, pictures += imitated - seen;
    forward += (said - imitated) - (imitated - begin);
    backward += learned - said, optimiser += clock.NowSeconds() - learned;
  }
  std::cout << "{\"rows\": " << rows << ", \"pictures\": " << pictures << ", \"forward\": " << forward
            << ", \"backward\": " << backward << ", \"optimiser\": " << optimiser << "}" << std::endl;
}

void Rate(int64_t products) {
  constexpr int64_t kSide = 1024;
  const at::Tensor a = at::randn({kSide, kSide}), b = at::randn({kSide, kSide});
  at::Tensor c = at::mm(a, b);
  const double start = SteadyClock().NowSeconds();
  for (int64_t i = 0; i < products; ++i) at::mm_out(c, a, b);
  const double flops = 2.0 * kSide * kSide * kSide * static_cast<double>(products);
  std::cout << "{\"flops_per_s\": " << flops / (SteadyClock().NowSeconds() - start) << "}" << std::endl;
}

void Serve(const std::string& name, const std::filesystem::path& folder) {
  at::set_num_threads(1);
  Bench bench(name);
  bench.Export(folder);
  std::cout << "{\"ready\": true}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    int threads = 1;
    int64_t count = 1;
    words >> what;
    if (what != "losses") words >> threads;
    words >> count;
    at::set_num_threads(threads);
    if (what == "losses") bench.Losses(count);
    if (what == "steps") bench.Steps(count);
    if (what == "parts") bench.Parts(count);
    if (what == "rate") Rate(count);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: train_step_speed mlp|image|transformer FOLDER\n";
    return 2;
  }
  try {
    Serve(argv[1], argv[2]);
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return error.exit_code();
  }
}
