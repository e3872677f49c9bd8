// What `heddle doctor` looks at, and what it makes of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/core/machine.h"
#include "heddle/data/video/codecs.h"
#include "heddle/sim/gl_context.h"

namespace heddle::cli {

struct MachineFacts {
  int cores = 0;  // that this process may use, hence the thread budget unless --threads says otherwise
  int64_t memory_bytes = 0, memory_free_bytes = 0;
  std::string folder;  // the current one
  int64_t disk_free_bytes = 0;
  bool folder_writable = false;
  InstructionSet instruction_set = InstructionSet::kBaseline;
  std::string torch_built;   // the version that the binary was built with
  std::string torch_loaded;  // the version of the package that it runs with; empty if that can't be told
  std::string torch_path;    // of that package
  std::string torch_cuda;    // the CUDA version that it was made for; empty for the CPU build
  int cuda_devices = 0;      // that torch sees
  bool nvidia_driver = false;
  bool toy_page = false;  // built in
  std::string ffmpeg;     // version of libavcodec
  std::vector<data::CodecSupport> codecs;
  sim::RenderingSupport rendering;
};

MachineFacts LookAtThisMachine();

enum class CheckStatus {
  kOk,
  kNote,  // less than could be had; everything works
  kLack,  // something that this build needs: exit code 3
};

struct Check {
  std::string name;
  CheckStatus status = CheckStatus::kOk;
  std::string found;
  std::string mend;  // empty for kOk
};

std::vector<Check> Judge(const MachineFacts& facts);

// "ok", "note", "lack".
const char* StatusName(CheckStatus status);

}  // namespace heddle::cli
