#include "heddle/tensor/safetensors.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <span>

#include "heddle/core/atomic_file.h"
#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/tensor/safetensors_header.h"

namespace heddle::tensor {
namespace {

// Fills `into` from the file's bytes at `offset`.
using ReadAt = std::function<void(uint64_t offset, std::span<char> into)>;

void RequireBooleans(std::span<const char> bytes, const std::string& where) {
  for (size_t k = 0; k < bytes.size(); ++k) {
    if (bytes[k] != 0 && bytes[k] != 1) {
      ThrowInput("a boolean is neither 0 nor 1", where + ", element " + std::to_string(k));
    }
  }
}

Safetensors Read(const ReadAt& read_at, uint64_t file_bytes, const std::string& where) {
  char first[8] = {};
  if (file_bytes >= 8) read_at(0, first);
  const uint64_t header_bytes = HeaderBytes({first, 8}, file_bytes, where);
  std::string text(header_bytes, '\0');
  read_at(8, text);
  SafetensorsHeader header = ParseHeader(text, file_bytes - 8 - header_bytes, where);

  Safetensors result;
  for (const TensorEntry& entry : header.entries) {
    at::Tensor value = at::empty(entry.shape, at::TensorOptions().dtype(entry.dtype));
    HEDDLE_DEMAND(value.nbytes() == entry.end - entry.begin);
    const std::span<char> bytes(static_cast<char*>(value.mutable_data_ptr()), value.nbytes());
    if (!bytes.empty()) read_at(8 + header_bytes + entry.begin, bytes);
    if (entry.dtype == at::kBool) RequireBooleans(bytes, where + ": tensor '" + entry.name + "'");
    result.tensors.emplace(entry.name, std::move(value));
  }
  result.metadata = std::move(header.metadata);
  return result;
}

}  // namespace

Safetensors ParseSafetensors(std::string_view bytes, const std::string& where) {
  const auto read_at = [&](uint64_t offset, std::span<char> into) {
    HEDDLE_DEMAND(offset + into.size() <= bytes.size());
    if (!into.empty()) std::memcpy(into.data(), bytes.data() + offset, into.size());
  };
  return Read(read_at, bytes.size(), where);
}

Safetensors ReadSafetensors(const std::filesystem::path& path) {
  const std::string where = path.string();
  errno = 0;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff file_bytes = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (file_bytes < 0 || std::filesystem::is_directory(path)) {
    ThrowSystem("cannot read this file", where, std::filesystem::is_directory(path) ? EISDIR : errno);
  }
  const auto read_at = [&](uint64_t offset, std::span<char> into) {
    errno = 0;
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(into.data(), static_cast<std::streamsize>(into.size()));
    if (file) return;
    if (errno != 0) ThrowSystem("cannot read this file", where, errno);
    ThrowInput("the file became shorter while it was read", where);
  };
  return Read(read_at, static_cast<uint64_t>(file_bytes), where);
}

void WriteSafetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata) {
  SafetensorsHeader header{.entries = {}, .metadata = metadata};
  for (const auto& [name, value] : tensors) {
    HEDDLE_DEMAND(value.defined() && value.layout() == at::kStrided);
    header.entries.push_back({.name = name, .dtype = value.scalar_type(), .shape = value.sizes().vec()});
  }
  AtomicFile file(path);
  file.Write(FormatHeader(header));
  for (const TensorEntry& entry : header.entries) {
    // Conjugated and negated views are resolved by the copy, so that the bytes are the values.
    const at::Tensor value = tensors.at(entry.name).resolve_conj().resolve_neg().cpu().contiguous();
    file.Write(std::as_bytes(std::span(static_cast<const char*>(value.const_data_ptr()), value.nbytes())));
  }
  file.Commit();
}

}  // namespace heddle::tensor
