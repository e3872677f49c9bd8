// How NumPy's values lie in msgpack: an array is a map of `__ndarray__`, `data`, `dtype` and `shape`, a scalar one of
// `__npgeneric__`, `data` and `dtype`, with keys that are bytes; keys that are text are understood, too.
#pragma once

#include <string_view>

#include "heddle/wire/value.h"

namespace heddle::wire {

inline constexpr std::string_view kArrayMark = "__ndarray__";
inline constexpr std::string_view kScalarMark = "__npgeneric__";
inline constexpr size_t kMaxDimensions = 32;

// The array or scalar that the map stands for, or the map itself if it is not marked as one. Numbers that are
// big-endian are turned; float16 stays float16. kInput (without a place) where mark and content don't fit: a key too
// few or too many, a type that is not of plain numbers, a shape that is negative, overflows or does not match the data.
Value FromNumpyMap(Map map);

}  // namespace heddle::wire
