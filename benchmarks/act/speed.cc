// How long a policy takes for one chunk of actions: one row, ten steps of the sampler.
//
//   act_speed POLICY FOLDER      POLICY: mlp, diffusion, image, transformer
//
// Writes into FOLDER what a peer needs to make the same chunk: weights, the observation, the noise, the sampler's
// levels. Then answers each line of standard input with a line of JSON:
//
//   actions LAMBDA             the chunk's numbers
//   chunks THREADS LAMBDA N    seconds for N chunks, from the observation to actions in physical units
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>

#include "heddle/core/clock.h"
#include "heddle/core/error.h"
#include "heddle/policy/acting.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/tensor/views.h"
#include "policies.h"

using namespace heddle;

namespace {

class Bench {
 public:
  explicit Bench(const std::string& name)
      : measured_(benchmarks::MeasuredPolicy(name, /*told=*/true)),
        policy_(benchmarks::MakePolicy(measured_)),
        observation_(benchmarks::MakeBatch(measured_, 1, 1)) {
    RandomStream random(3, "benchmark.weights");
    const at::NoGradGuard no_grad;
    // An untrained transformer's layers that begin at zero would say nothing.
    for (const nn::Parameter& parameter : policy_->parameters().all()) {
      const at::Tensor noise = at::empty(parameter.value.sizes(), at::kFloat);
      random.Split(parameter.name).FillNormal(tensor::MutableViewOf<float>(noise));
      at::Tensor value = parameter.value;
      value.add_(noise, 0.02);
    }
    const policy::PolicyLayout& layout = policy_->layout();
    plan_.act = {1}, plan_.against = {0};
    plan_.low.assign(static_cast<size_t>(layout.num_actions()), -1);
    plan_.high.assign(static_cast<size_t>(layout.num_actions()), 1);
    noise_1HD_ = policy::ActingNoise(layout, plan_, 0, 0).unsqueeze(0);
  }

  at::Tensor Act(double lambda) {
    plan_.lambda = lambda;
    const policy::PolicyRows rows = policy::RowsOf(observation_, policy_->layout(), policy_->normaliser());
    return policy::Act(*policy_, rows, noise_1HD_, plan_).actions_BHD;
  }

  void Export(const std::filesystem::path& folder) const {
    tensor::NamedTensors weights, data;
    for (const nn::Parameter& parameter : policy_->parameters().all())
      weights[parameter.name] = parameter.value.detach();
    for (const auto& [name, value] : observation_.values) data[name] = value;
    data["noise"] = noise_1HD_;
    const std::vector<int64_t>& levels = policy_->noise().sampler();
    data["levels"] = tensor::CopyOf<int64_t>(levels, {static_cast<int64_t>(levels.size())});
    tensor::WriteSafetensors(folder / "weights.safetensors", weights);
    tensor::WriteSafetensors(folder / "data.safetensors", data);
  }

 private:
  benchmarks::Measured measured_;
  std::unique_ptr<policy::Policy> policy_;
  contract::Batch observation_;
  policy::ActPlan plan_;
  at::Tensor noise_1HD_;
};

void Serve(const std::string& name, const std::filesystem::path& folder) {
  at::set_num_threads(1);
  Bench bench(name);
  bench.Export(folder);
  std::cout << "{\"ready\": true}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    double lambda = 0;
    int threads = 1, count = 1;
    words >> what;
    if (what == "actions") {
      words >> lambda;
      const at::Tensor actions = bench.Act(lambda);
      std::cout << "{\"actions\": [";
      const char* comma = "";
      for (const float number : tensor::ViewOf<float>(actions)) std::cout << comma << number, comma = ", ";
      std::cout << "]}" << std::endl;
      continue;
    }
    words >> threads >> lambda >> count;
    at::set_num_threads(threads);
    const double start = SteadyClock().NowSeconds();
    for (int i = 0; i < count; ++i) bench.Act(lambda);
    std::cout << "{\"seconds\": " << SteadyClock().NowSeconds() - start << "}" << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: act_speed mlp|diffusion|image|transformer FOLDER\n";
    return 2;
  }
  try {
    Serve(argv[1], argv[2]);
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return error.exit_code();
  }
}
