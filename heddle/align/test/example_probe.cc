// Trains latents by the objective of a TorchScript file: example_probe FILE LATENT_SIZE. Exits 1 unless the loss falls
// and the module's own parameters move.
#include <ATen/ATen.h>

#include <cstdlib>
#include <iostream>

#include "heddle/align/script_objective.h"
#include "heddle/align/test/batches.h"

namespace heddle::align {
namespace {

bool Trains(const std::string& file, int64_t latent_size) {
  nn::ParameterSet parameters{RandomStream(1, "example")};
  ScriptOptions options;
  options.weight = 1;
  options.file = file;
  const auto objective =
      options.Make({.parameters = parameters, .latent_size = latent_size, .num_domains = 2, .label_classes = {}});
  parameters.Flatten();
  const at::Tensor before = parameters.values().clone();
  AlignBatch batch = SomeBatch(32, latent_size);
  batch.z_BD = batch.z_BD.to(at::kFloat);
  const double first = (*objective)(batch).loss.item<double>();
  Descend(*objective, batch, parameters, 50, 1);
  const double last = (*objective)(batch).loss.item<double>();
  std::cout << "loss " << first << " -> " << last << "\n";
  return last < 0.5 * first && !at::equal(before, parameters.values());
}

}  // namespace
}  // namespace heddle::align

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return heddle::align::Trains(argv[1], std::atoi(argv[2])) ? 0 : 1;
}
