// What the numbers of two sources say of their gaps in physics and perception (heddle/mixture/sheet/gap_probe.h).
#pragma once

#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/sheet/gap_measure.h"

namespace heddle::mixture {

struct NumbersGap {
  GapMeasure physics, perception;
};

NumbersGap MeasureNumbers(const BoundSheet& bound, const Source& target, const Source& source,
                          const GapProbeOptions& options);

}  // namespace heddle::mixture
