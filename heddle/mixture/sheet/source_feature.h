// A numeric feature of one source as the sheet's map has it: the mixture's dimensions, and where in the dataset each
// is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/mixture/sheet/open_source.h"
#include "heddle/mixture/source.h"

namespace heddle::mixture {

struct SourceFeature {
  struct Dimension {
    std::string name;      // in the mixture
    int64_t position = 0;  // among the dataset's, all axes flattened
    double scale = 1, offset = 0;
    bool missing = false;
  };
  std::string from;  // the dataset's feature
  std::vector<Dimension> dims;
  bool is_whole_numbers = false;  // integers and switches

  std::vector<std::string> names() const;
};

// Nothing where the source has no such feature, or the sheet calls it missing. Usage error, with the sheet's line,
// where the map names what the dataset lacks.
std::optional<SourceFeature> FindSourceFeature(const Sheet& sheet, const OpenSource& source, const std::string& name);

// The same dimensions, in any order where they have names.
bool HaveSameNames(const SourceFeature& a, const SourceFeature& b);

// How the slots of a layout's feature are filled: all from `feature`, by name where the slots have names. Usage error
// at `place` if a dimension is not there, is too much, or a quaternion is there in parts.
std::map<std::string, SlotMap> FillSlots(const std::vector<Slot>& slots, const std::vector<std::string>& names,
                                         const SourceFeature& feature, const std::string& what,
                                         const std::string& place);

}  // namespace heddle::mixture
