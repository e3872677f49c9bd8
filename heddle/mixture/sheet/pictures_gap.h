// How far two sources' pictures are apart (heddle/mixture/sheet/gap_probe.h): of the first camera that both have.
#pragma once

#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/sheet/gap_measure.h"

namespace heddle::mixture {

// `sheet`: what the sheet says of `source`, whose cameras it may have renamed.
GapMeasure MeasurePictures(const Source& target, const Source& source, const SheetSource& sheet,
                           const GapProbeOptions& options);

}  // namespace heddle::mixture
