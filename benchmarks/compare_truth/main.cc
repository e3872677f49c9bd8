// Prints rows of JSON: what `heddle compare` does where the truth is known. Some minutes; run.py writes them down.
//
//   compare_truth [RUNS_OF_EACH_SIMULATION]
#include <cstdio>
#include <cstdlib>

#include "benchmarks/compare_truth/truth.h"

namespace {

void Print(const truth::Rows& rows) {
  for (const auto& row : rows) std::puts(row.dump().c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int64_t runs = argc > 1 ? std::atoll(argv[1]) : 20000;
  Print(truth::WilsonCoverage());
  Print(truth::PairedCoverage());
  Print(truth::UnpairedCoverage());
  Print(truth::ClusteredCoverage(runs));
  Print(truth::ExactSizes());
  Print(truth::ClusteredSizes(runs));
  Print(truth::NonInferioritySizes());
  Print(truth::PickedSizes(runs));
  Print(truth::SequentialErrors(runs));
  Print(truth::SequentialStops(runs / 4));
  Print(truth::SequentialForecasts(runs / 4));
}
