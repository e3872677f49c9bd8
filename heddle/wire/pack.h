// Values as bytes and back: msgpack as the openpi protocol writes it.
//
// Numbers take the shortest form, a double is always 8 bytes, and arrays are little-endian and in C order, so Pack
// gives byte for byte what openpi_client packs of the same tree in Python. Unpack is strict, as its bytes may come from
// anybody: every length is checked against what is there before anything is allocated.
#pragma once

#include <cstddef>
#include <span>

#include "heddle/wire/value.h"

namespace heddle::wire {

// kInput, naming the path in the tree, where text is not UTF-8 or something has more than 2^32 - 1 bytes or items.
Bytes Pack(const Value& value);

struct UnpackLimits {
  int max_depth = 16;         // lists and maps inside each other
  size_t max_values = 65536;  // in the whole tree: a value in memory is some 60 times its shortest form in the message
};

// Exactly one value. kInput naming the path in the tree ("observation/image", "poses/[3]", or "message"): bytes that
// end early or go on, forms that the protocol does not have (extensions, keys that are neither text nor bytes), text
// that is not UTF-8, a key given twice, arrays whose parts don't fit (numpy_map.h), a limit that is passed.
Value Unpack(std::span<const std::byte> bytes, const UnpackLimits& limits = {});

}  // namespace heddle::wire
