// The header of a safetensors file: which tensors are in it, and where.
//
//   8 bytes       N, little-endian
//   N bytes       UTF-8 JSON that begins with '{', padded with spaces:
//                 {"__metadata__": {"key": "text", ...}, "name": {"dtype": "F32", "shape": [2, 3],
//                  "data_offsets": [begin, end]}, ...}    offsets from the start of the data
//   the rest      the data, little-endian, C order
//
// What is read may be hostile, so nothing in it is believed before it is checked: the header's length against the file
// and a limit, every name against duplicates, every shape against its offsets, and that the tensors cover the data
// exactly, without a hole or an overlap.
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::tensor {

// Larger headers are refused, as the reference does.
inline constexpr uint64_t kMaxHeaderBytes = 100'000'000;

struct TensorEntry {
  std::string name;
  c10::ScalarType dtype = c10::ScalarType::Float;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;  // bytes from the start of the data
};

struct SafetensorsHeader {
  std::vector<TensorEntry> entries;  // in the order of the data
  std::map<std::string, std::string> metadata;
};

// N, from the first 8 bytes of a file of `file_bytes` bytes. Throws kInput, with `where`, if the file is too short for
// its header or the header longer than kMaxHeaderBytes.
uint64_t HeaderBytes(std::string_view first_8, uint64_t file_bytes, const std::string& where);

// The header from its N bytes of JSON and the number of bytes behind it. Throws kInput with `where` and, where one is
// to blame, the tensor's name. Sub-byte dtypes (F4, F6) are refused.
SafetensorsHeader ParseHeader(std::string_view json, uint64_t data_bytes, const std::string& where);

// N and the JSON, as the reference writer lays them out: entries by dtype and then name, offsets without holes, padded
// to a multiple of 8. Sorts `header.entries` and sets their offsets. Throws kUsage for a dtype that the format lacks,
// and for names that are not UTF-8 or `__metadata__`.
std::string FormatHeader(SafetensorsHeader& header);

}  // namespace heddle::tensor
