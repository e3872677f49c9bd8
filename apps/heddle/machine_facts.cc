#include <dlfcn.h>
#include <torch/cuda.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <system_error>

#include "apps/heddle/doctor.h"
#include "apps/heddle/pages.h"
#include "apps/heddle/version_info.h"

namespace heddle::cli {
namespace {

// The kernel's estimate of what can be had without swapping.
int64_t AvailableMemoryBytes() {
  std::ifstream in("/proc/meminfo");
  std::string key, unit;
  for (int64_t kibibytes = 0; in >> key >> kibibytes; std::getline(in, unit)) {
    if (key == "MemAvailable:") return kibibytes * 1024;
  }
  return 0;
}

// The package that holds the library in use: <package>/lib/libtorch_cpu.so.
std::filesystem::path TorchPackage() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&torch::cuda::device_count), &info) == 0) return {};
  std::error_code error;
  return std::filesystem::canonical(info.dli_fname, error).parent_path().parent_path();
}

// The value of `name = '...'` in the package's version.py; empty if it is None or not there.
std::string FromVersionFile(const std::filesystem::path& package, const std::string& name) {
  std::ifstream in(package / "version.py");
  const std::regex line_of("^" + name + R"(\b[^=]*=\s*['"]([^'"]*)['"].*)");
  std::smatch match;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_match(line, match, line_of)) return match[1];
  }
  return "";
}

void LookAtTorch(MachineFacts& facts) {
  const std::filesystem::path package = TorchPackage();
  facts.torch_built = ThisVersion().torch;
  facts.torch_path = package.string();
  facts.torch_loaded = FromVersionFile(package, "__version__");
  facts.torch_cuda = FromVersionFile(package, "cuda");
  facts.cuda_devices = torch::cuda::device_count();
  facts.nvidia_driver = std::filesystem::exists("/proc/driver/nvidia/version");
}

}  // namespace

MachineFacts LookAtThisMachine() {
  MachineFacts facts;
  facts.cores = UsableCores();
  facts.memory_bytes = UsableMemoryBytes();
  facts.memory_free_bytes = std::min(facts.memory_bytes, AvailableMemoryBytes());
  std::error_code error;
  facts.folder = std::filesystem::current_path(error).string();
  const auto space = std::filesystem::space(facts.folder, error);
  facts.disk_free_bytes = error ? 0 : static_cast<int64_t>(space.available);
  facts.folder_writable = access(facts.folder.c_str(), W_OK) == 0;
  facts.instruction_set = BestInstructionSet();
  facts.toy_page = ToyPage().has_value();
  facts.ffmpeg = data::FfmpegVersion();
  facts.codecs = data::SupportedCodecs();
  facts.rendering = sim::LookAtRendering();
  LookAtTorch(facts);
  return facts;
}

}  // namespace heddle::cli
