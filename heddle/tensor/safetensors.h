// Tensors in and out of safetensors files, the format that weights and latents are exchanged in.
//
// All dtypes that the format and torch share: BOOL, U8 to U64, I8 to I64, F16, BF16, F32, F64, C64 and the five F8
// kinds. Reading believes nothing (heddle/tensor/safetensors_header.h); a boolean that is neither 0 nor 1 is refused
// too. Writing is deterministic: the same tensors and metadata give the same bytes, those of the reference writer
// (where it has an order: with several keys it shuffles metadata, here they are sorted).
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace heddle::tensor {

using NamedTensors = std::map<std::string, at::Tensor>;
using Metadata = std::map<std::string, std::string>;

struct Safetensors {
  NamedTensors tensors;  // on the CPU, contiguous, each with memory of its own
  Metadata metadata;
};

// Throws kSystem if the file can't be read and kInput, naming the file and the tensor, if it is not what it should be.
Safetensors ReadSafetensors(const std::filesystem::path& path);

// The same for a file's content. `where` stands in errors.
Safetensors ParseSafetensors(std::string_view bytes, const std::string& where);

// Writes the file whole or not at all (heddle/core/atomic_file.h). Tensors may be on any device and strided; equal ones
// are stored each. Throws kUsage for what the format can't hold (a dtype, a name that is not UTF-8), kBug for an
// undefined or sparse tensor, kSystem if writing fails.
void WriteSafetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata = {});

}  // namespace heddle::tensor
