#include "heddle/mixture/sheet/gap_probe.h"

#include "heddle/mixture/sheet/numbers_gap.h"
#include "heddle/mixture/sheet/pictures_gap.h"

namespace heddle::mixture {
namespace {

// The target's source with the most training windows.
size_t TargetIndex(const Sheet& sheet, const BoundSheet& bound) {
  size_t best = bound.sizes.size();
  for (size_t i = 0; i < bound.sizes.size(); ++i) {
    if (sheet.sources[i].domain != sheet.target) continue;
    if (best == bound.sizes.size() || bound.sizes[i].windows > bound.sizes[best].windows) best = i;
  }
  return best;
}

GapMeasure CompareBodies(const std::string& one, const std::string& other) {
  const bool same = one == other;
  return {GapAxis::kEmbodiment, same ? 0.0 : 1.0, same ? GapLevel::kNone : GapLevel::kLarge,
          same ? "the same body, " + one : other + " acts, not " + one};
}

}  // namespace

std::vector<GapMeasure> ProbeGap(const Sheet& sheet, const BoundSheet& bound, size_t source,
                                 const GapProbeOptions& options) {
  const size_t target = TargetIndex(sheet, bound);
  const Source &ours = bound.mixture.sources[target], &theirs = bound.mixture.sources[source];
  const NumbersGap numbers = MeasureNumbers(bound, ours, theirs, options);
  return {MeasurePictures(ours, theirs, sheet.sources[source], options), numbers.physics, numbers.perception,
          CompareBodies(sheet.sources[target].embodiment, sheet.sources[source].embodiment)};
}

}  // namespace heddle::mixture
