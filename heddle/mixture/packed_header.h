// The first 4096 bytes of a packed file (heddle/mixture/packed_file.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "heddle/mixture/packed_file.h"

namespace heddle::mixture {

inline constexpr size_t kPackedHeaderBytes = 4096;
inline constexpr size_t kPackedDoneOffset = 40;  // of the number of pictures done

struct PackedHeader {
  PackedFacts facts;
  int64_t done = 0;
};

using PackedHeaderBytes = std::array<char, kPackedHeaderBytes>;

PackedHeaderBytes FormatPackedHeader(const PackedHeader& header);
// Nothing if these are not the bytes of such a header.
std::optional<PackedHeader> ParsePackedHeader(const PackedHeaderBytes& bytes);

}  // namespace heddle::mixture
