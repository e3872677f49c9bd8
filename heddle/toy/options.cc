#include "heddle/toy/options.h"

#include <algorithm>
#include <string>

#include "heddle/core/error.h"

namespace heddle::toy {
namespace {

void RequireAscending(const std::vector<double>& values, const char* key) {
  if (values.empty()) ThrowUsage("the list is empty", std::string("toy.") + key, "give at least one value");
  if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) != values.end()) {
    ThrowUsage("the values must ascend, each once", std::string("toy.") + key, "sort the list");
  }
}

}  // namespace

ToyOptions QuickOptions() {
  ToyOptions options;
  options.seeds = 1;
  options.width = 64;
  options.steps = 2500;
  options.samples_per_point = 2;
  options.match_steps = 8000;
  return options;
}

void CheckConsistent(const ToyOptions& options) {
  RequireAscending(options.delta_z, "delta_z");
  RequireAscending(options.w, "w");
  if (options.sampler_steps > options.noise_levels) {
    ThrowUsage("more sampler steps than noise levels", "toy.sampler_steps",
               "at most " + std::to_string(options.noise_levels));
  }
  const double side = double(options.grid_side);
  if (0.5 / side > options.covered || (side - 0.5) / side <= options.covered) {
    ThrowUsage("with a grid of " + std::to_string(options.grid_side) + " points a side none lies " +
                   (0.5 / side > options.covered ? "inside" : "beyond") + " the covered part",
               "toy.covered", "move it towards 0.5 or make toy.grid_side larger");
  }
  if (options.width % 32 != 0) ThrowUsage("the width is not a multiple of 32", "toy.width", "e.g. 64, 128, 256");
}

}  // namespace heddle::toy
