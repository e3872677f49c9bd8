#include "heddle/tensor/safetensors_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::tensor {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

struct Dtype {
  const char* name;
  c10::ScalarType type;
};
// In the order in which the reference writer places them.
constexpr Dtype kDtypes[] = {{"U64", c10::ScalarType::UInt64},
                             {"I64", c10::ScalarType::Long},
                             {"F64", c10::ScalarType::Double},
                             {"C64", c10::ScalarType::ComplexFloat},
                             {"F32", c10::ScalarType::Float},
                             {"U32", c10::ScalarType::UInt32},
                             {"I32", c10::ScalarType::Int},
                             {"BF16", c10::ScalarType::BFloat16},
                             {"F16", c10::ScalarType::Half},
                             {"U16", c10::ScalarType::UInt16},
                             {"I16", c10::ScalarType::Short},
                             {"F8_E5M2FNUZ", c10::ScalarType::Float8_e5m2fnuz},
                             {"F8_E4M3FNUZ", c10::ScalarType::Float8_e4m3fnuz},
                             {"F8_E8M0", c10::ScalarType::Float8_e8m0fnu},
                             {"F8_E4M3", c10::ScalarType::Float8_e4m3fn},
                             {"F8_E5M2", c10::ScalarType::Float8_e5m2},
                             {"I8", c10::ScalarType::Char},
                             {"U8", c10::ScalarType::Byte},
                             {"BOOL", c10::ScalarType::Bool}};

// More dimensions than any tensor library works with.
constexpr size_t kMaxDimensions = 64;

// What JSON text of this format may look like: objects in an object, arrays in those, no name twice.
class StrictSyntax {
 public:
  explicit StrictSyntax(const std::string& where) : where_(where) {}

  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    const bool begins = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    if (begins && depth > 2) ThrowInput("the header is nested too deeply", where_);
    if (event == json::parse_event_t::object_start && depth == 1) fields_.clear();
    if (event != json::parse_event_t::key) return true;
    const auto& name = parsed.get_ref<const std::string&>();
    if (!(depth == 1 ? names_ : fields_).insert(name).second) ThrowInput("the header has '" + name + "' twice", where_);
    return true;
  }

 private:
  const std::string& where_;
  std::set<std::string> names_, fields_;
};

json ParseJson(std::string_view text, const std::string& where) {
  if (text.empty() || text.front() != '{') ThrowInput("the header does not begin with '{'", where);
  try {
    return json::parse(text, StrictSyntax(where));
  } catch (const json::exception&) {
    ThrowInput("the header is not valid JSON", where, "the file is damaged, or no safetensors file");
  }
}

uint64_t Natural(const json& value, const char* what, const std::string& where) {
  if (!value.is_number_unsigned()) ThrowInput(std::string(what) + " is not a whole number from 0 on", where);
  return value.get<uint64_t>();
}

c10::ScalarType ParseDtype(const json& value, const std::string& where) {
  if (!value.is_string()) ThrowInput("dtype is not a text", where);
  const auto& name = value.get_ref<const std::string&>();
  const auto* found = std::ranges::find(kDtypes, name, &Dtype::name);
  if (found == std::end(kDtypes)) ThrowInput("the dtype '" + name + "' can't be read", where);
  return found->type;
}

// Bytes of a tensor, refused where the number or a tensor's own strides would overflow.
uint64_t CheckedBytes(const std::vector<int64_t>& shape, c10::ScalarType dtype, const std::string& where) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  uint64_t bytes = c10::elementSize(dtype);
  bool empty = false;
  for (const int64_t size : shape) {
    empty = empty || size == 0;
    const auto factor = static_cast<uint64_t>(std::max<int64_t>(size, 1));
    if (bytes > kMost / factor) ThrowInput("the shape is too large", where);
    bytes *= factor;
  }
  return empty ? 0 : bytes;
}

TensorEntry ParseEntry(const std::string& name, const json& value, const std::string& where) {
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
      !value.contains("data_offsets")) {
    ThrowInput("a tensor is described by dtype, shape and data_offsets, and nothing else", where);
  }
  TensorEntry entry{.name = name, .dtype = ParseDtype(value["dtype"], where), .shape = {}};
  const json &shape = value["shape"], &offsets = value["data_offsets"];
  if (!shape.is_array() || shape.size() > kMaxDimensions) ThrowInput("shape is not a list of sizes", where);
  for (const json& size : shape) {
    const uint64_t natural = Natural(size, "a size", where);
    if (natural > uint64_t{std::numeric_limits<int64_t>::max()}) ThrowInput("the shape is too large", where);
    entry.shape.push_back(static_cast<int64_t>(natural));
  }
  if (!offsets.is_array() || offsets.size() != 2) ThrowInput("data_offsets is not a pair", where);
  entry.begin = Natural(offsets[0], "an offset", where);
  entry.end = Natural(offsets[1], "an offset", where);
  if (entry.end < entry.begin || entry.end - entry.begin != CheckedBytes(entry.shape, entry.dtype, where)) {
    ThrowInput("data_offsets do not fit shape and dtype", where);
  }
  return entry;
}

std::map<std::string, std::string> ParseMetadata(const json& value, const std::string& where) {
  if (!value.is_object()) ThrowInput("__metadata__ is not an object", where);
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) ThrowInput("__metadata__ has something other than a text under '" + key + "'", where);
    metadata.emplace(key, text.get<std::string>());
  }
  return metadata;
}

void CheckCoverage(const std::vector<TensorEntry>& entries, uint64_t data_bytes, const std::string& where) {
  uint64_t covered = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.begin != covered) {
      ThrowInput("the tensor '" + entry.name + "' begins at byte " + std::to_string(entry.begin) + " of the data and " +
                     "the one before ends at " + std::to_string(covered),
                 where);
    }
    covered = entry.end;
  }
  if (covered != data_bytes) {
    ThrowInput("the tensors take " + std::to_string(covered) + " bytes and the file has " + std::to_string(data_bytes),
               where, covered > data_bytes ? "the file was cut off" : "");
  }
}

size_t Rank(c10::ScalarType type) {
  const auto* found = std::ranges::find(kDtypes, type, &Dtype::type);
  if (found == std::end(kDtypes)) {
    ThrowUsage(std::string("tensors of type ") + c10::toString(type) + " can't be written as safetensors");
  }
  return static_cast<size_t>(found - kDtypes);
}

}  // namespace

uint64_t HeaderBytes(std::string_view first_8, uint64_t file_bytes, const std::string& where) {
  if (file_bytes < 8 || first_8.size() < 8) ThrowInput("the file is too short for a safetensors file", where);
  uint64_t count = 0;
  std::memcpy(&count, first_8.data(), 8);
  if (count > kMaxHeaderBytes || count > file_bytes - 8) {
    ThrowInput(
        "the header is said to have " + std::to_string(count) + " bytes, the file has " + std::to_string(file_bytes),
        where, "the file was cut off, or is no safetensors file");
  }
  return count;
}

SafetensorsHeader ParseHeader(std::string_view text, uint64_t data_bytes, const std::string& where) {
  const json parsed = ParseJson(text, where);
  SafetensorsHeader header;
  for (const auto& [name, value] : parsed.items()) {
    if (name == "__metadata__") {
      header.metadata = ParseMetadata(value, where);
    } else {
      header.entries.push_back(ParseEntry(name, value, where + ": tensor '" + name + "'"));
    }
  }
  std::ranges::sort(header.entries, {}, [](const TensorEntry& e) { return std::tuple(e.begin, e.end, e.name); });
  CheckCoverage(header.entries, data_bytes, where);
  return header;
}

std::string FormatHeader(SafetensorsHeader& header) {
  std::ranges::sort(header.entries, {}, [](const TensorEntry& e) { return std::tuple(Rank(e.dtype), e.name); });
  ordered_json described = ordered_json::object();
  if (!header.metadata.empty()) described["__metadata__"] = header.metadata;
  uint64_t end = 0;
  for (TensorEntry& entry : header.entries) {
    if (entry.name == "__metadata__") ThrowUsage("a tensor can't be called __metadata__");
    entry.begin = end;
    end = entry.end = end + CheckedBytes(entry.shape, entry.dtype, entry.name);
    if (described.contains(entry.name)) ThrowUsage("two tensors are called '" + entry.name + "'");
    described[entry.name] = {
        {"dtype", kDtypes[Rank(entry.dtype)].name}, {"shape", entry.shape}, {"data_offsets", {entry.begin, entry.end}}};
  }
  std::string text;
  try {
    text = described.dump();
  } catch (const json::exception&) {
    ThrowUsage("a name or a text of the metadata is not UTF-8");
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  HEDDLE_DEMAND(text.size() <= kMaxHeaderBytes);
  const uint64_t count = text.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &count, 8);
  return bytes + text;
}

}  // namespace heddle::tensor
