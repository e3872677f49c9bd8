#include "heddle/toy/latents.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <string>

#include "heddle/core/atomic_file.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/toy/analysis.h"

namespace heddle::toy {
namespace {

constexpr int kPairs = 32;

// The fixed (t, noised output) pairs: times spread evenly, outputs normal with the spread of the data (about 3) at the
// signal of their time.
struct Probe {
  int t;
  float noised[2];
};
std::vector<Probe> FixedProbes(const Denoiser& denoiser) {
  RandomStream random(0, "toy latents");
  std::vector<Probe> probes;
  for (int i = 0; i < kPairs; ++i) {
    const int t = 1 + i * (denoiser.last_level() - 1) / (kPairs - 1);
    const theory::NoiseLevel& level = denoiser.levels()[std::size_t(t)];
    const double spread = std::hypot(3 * level.alpha, level.sigma);
    probes.push_back({t, {float(spread * random.Normal()), float(spread * random.Normal())}});
  }
  return probes;
}

struct Inputs {
  at::Tensor input_n3, domain_n, action_n2;
};
Inputs InputsOf(const EvaluationGrid& grid, float delta_z) {
  const int points = grid.size();
  Inputs inputs{at::empty({2 * points, 3}, at::kFloat), at::empty({2 * points}, at::kLong),
                at::empty({2 * points, 2}, at::kFloat)};
  for (int i = 0; i < 2 * points; ++i) {
    const bool target = i >= points;
    const std::size_t p = std::size_t(2 * (i % points));
    const std::vector<float>& out = target ? grid.truth : grid.source_truth;
    const float row[3] = {grid.xy[p], grid.xy[p + 1], target ? delta_z : 0.0f};
    std::copy_n(row, 3, inputs.input_n3.data_ptr<float>() + 3 * i);
    std::copy_n(&out[p], 2, inputs.action_n2.data_ptr<float>() + 2 * i);
    inputs.domain_n.data_ptr<std::int64_t>()[i] = target;
  }
  return inputs;
}

// z after hidden layer `layer` for each input.
at::Tensor LatentsOf(const Sweep& sweep, const NetKey& key, const Inputs& inputs, int layer,
                     const std::vector<Probe>& probes, nn::MlpWorker& worker) {
  const int width = sweep.denoiser().shape().width, count = int(inputs.input_n3.size(0));
  at::Tensor z = at::zeros({count, width}, at::kFloat);
  for (int i = 0; i < count; ++i) {
    const float* xyz = inputs.input_n3.const_data_ptr<float>() + 3 * i;
    for (int p = 0; p < kPairs; ++p) {
      const Probe& probe = probes[std::size_t(p)];
      sweep.denoiser().FillRow(worker.input_row(p), xyz, xyz[2], probe.noised, probe.t);
    }
    worker.Forward(sweep.parameters(key), kPairs);
    float* row = z.data_ptr<float>() + std::ptrdiff_t(i) * width;
    for (int p = 0; p < kPairs; ++p) {
      const std::span<const float> h = worker.hidden_row(layer, p);
      for (int j = 0; j < width; ++j) row[j] += h[std::size_t(j)] / float(kPairs);
    }
  }
  return z;
}

void RemoveEarlierCases(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> earlier;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool latents = name.find("_dz") != std::string::npos && name.find(".safetensors") != std::string::npos;
    if (name == "cases.json" || latents) earlier.push_back(entry.path());
  }
  for (const std::filesystem::path& path : earlier) std::filesystem::remove(path);
}

}  // namespace

int WriteLatents(const Sweep& sweep, const std::filesystem::path& folder, const StopFlag& stop) {
  RequireWritableFolder(folder);
  RemoveEarlierCases(folder);
  const std::vector<Probe> probes = FixedProbes(sweep.denoiser());
  nn::MlpWorker worker(nn::MlpLayout(sweep.denoiser().shape()), kPairs);
  nlohmann::ordered_json cases = nlohmann::ordered_json::array();
  for (int net = 0; net < sweep.nets() && !stop.requested(); ++net) {
    const NetKey key = sweep.KeyOf(net);
    const NetOutcome& outcome = sweep.outcome(key);
    const NetOutcome& target_only = sweep.outcome({key.seed, key.delta_z, sweep.num_w()});
    if (key.w == sweep.num_w() || !outcome.complete || !target_only.complete) continue;
    const Inputs inputs = InputsOf(sweep.grid(), float(sweep.delta_z_of(key)));
    const std::string stem =
        "seed" + std::to_string(key.seed) + "_dz" + std::to_string(key.delta_z) + "_w" + std::to_string(key.w);
    for (const auto& [name, layer] : {std::pair{"shallow", 0}, {"deep", sweep.denoiser().shape().hidden_layers - 1}}) {
      tensor::WriteSafetensors(folder / (stem + "_" + name + ".safetensors"),
                               {{"z", LatentsOf(sweep, key, inputs, layer, probes, worker)},
                                {"domain", inputs.domain_n},
                                {"input", inputs.input_n3},
                                {"action", inputs.action_n2}},
                               {{"layer", name}, {"condition", "none"}});
    }
    const double transfer = TransferOf(sweep, key);
    cases.push_back({{"files", stem + "_{shallow,deep}.safetensors"},
                     {"delta_z", sweep.delta_z_of(key)},
                     {"w", sweep.w_of(key)},
                     {"seed", sweep.options().seed + key.seed},
                     {"regime", RegimeName(NameRegime(transfer, outcome.following))},
                     {"transfer", transfer},
                     {"two_modes", outcome.following.two_modes},
                     {"source_share", outcome.following.source_share}});
  }
  WriteFileAtomically(folder / "cases.json", cases.dump(1) + "\n");
  return int(cases.size());
}

}  // namespace heddle::toy
