// A source checked against the layout and made ready to be read: what is taken from which feature, and the episodes at
// the mixture's rate.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/row_conversion.h"
#include "heddle/mixture/row_map.h"
#include "heddle/mixture/source.h"
#include "heddle/mixture/timeline.h"

namespace heddle::mixture {

struct BoundSource {
  // Usage error where the map, the rates or the episodes do not fit (heddle/mixture/row_map.h): a camera that the
  // dataset lacks and the map does not call missing, a depth camera, a slot of unknown meaning at another rate.
  BoundSource(const Source& source, const Layout& layout);

  const Source* source;
  Timeline timeline;
  std::vector<RowMap> rows;  // as layout.numbers
  // As layout.numbers: of actions in another representation than the layout's.
  std::vector<std::optional<RowConversion>> conversions;
  // As layout.cameras: the dataset's feature, or null where it is missing.
  std::vector<const data::Feature*> cameras;

  const data::Dataset& dataset() const { return *source->dataset; }
  std::string where() const { return "source " + source->name; }
  // Frames of an episode at the mixture's rate.
  int64_t LengthOf(int64_t episode) const;
};

}  // namespace heddle::mixture
