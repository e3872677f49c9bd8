// The ratio guideline on the published sweep, as a Markdown table:
//
//   build/release/benchmarks/guideline/guideline_retrodiction
//
// Range and points are compared at three decimals, as the paper prints them; the last lines say what comes of it
// without rounding, and what a large-gap shift changes.
#include "heddle/theory/retrodiction.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "heddle/core/error.h"

namespace {

using heddle::theory::Retrodiction;

void PrintTable(const std::vector<Retrodiction>& results) {
  const auto& settings = heddle::theory::ThePublishedSweep().settings;
  std::puts("| task | gap | range | best inside (w) | best of all (w) | regret | worst inside |");
  std::puts("| --- | --- | --- | --- | --- | --- | --- |");
  for (size_t k = 0; k < results.size(); ++k) {
    const Retrodiction& r = results[k];
    std::printf("| %s | %s | %.3f to %.3f | %.3f (%g) | %.3f (%g) | %.3f | %.3f |\n",
                std::string(settings[k].task).c_str(), std::string(settings[k].gap).c_str(), r.low, r.high,
                r.best_inside, r.best_inside_w, r.best, r.best_w, r.regret, r.worst_inside);
  }
}

double LargestRegret(const std::vector<Retrodiction>& results) {
  double largest = 0;
  for (const Retrodiction& result : results) largest = std::max(largest, result.regret);
  return largest;
}

void Run() {
  const auto& sweep = heddle::theory::ThePublishedSweep();
  std::printf("%s; N = %g, M = %g demonstrations.\n\n", std::string(sweep.source).c_str(), sweep.target_demos,
              sweep.source_demos);
  const auto results = heddle::theory::RetrodictPublished();
  PrintTable(results);
  std::printf("\nLargest regret: %.3f. Unrounded, w_n = %.4f shuts out the point .016 and it is %.3f.\n",
              LargestRegret(results), sweep.target_demos / (sweep.target_demos + sweep.source_demos),
              LargestRegret(heddle::theory::RetrodictPublished({}, -1)));
  const auto shifted = heddle::theory::RetrodictPublished({.gap_odds = 3});
  std::printf("Shifted up for a large gap (odds times 3, our choice): %.3f to %.3f, largest regret %.3f.\n",
              shifted.front().low, shifted.front().high, LargestRegret(shifted));
}

}  // namespace

int main() {
  try {
    Run();
  } catch (const heddle::Error& error) {
    std::fprintf(stderr, "guideline_retrodiction: %s\n", error.what());
    return error.exit_code();
  }
  return 0;
}
