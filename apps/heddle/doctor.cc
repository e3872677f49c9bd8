#include "apps/heddle/doctor.h"

#include <array>
#include <cstdio>
#include <optional>
#include <utility>

namespace heddle::cli {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kLeastMemory = 1024 * kMiB, kLeastDisk = 100 * kMiB;
// Builds against these have been run.
constexpr int kTorchMajor = 2, kFirstTorchMinor = 11, kLastTorchMinor = 14;

std::string Gibibytes(int64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f GiB", static_cast<double>(bytes) / (1024.0 * kMiB));
  return text.data();
}

bool WasTried(const std::string& torch) {
  int major = 0, minor = 0;
  if (std::sscanf(torch.c_str(), "%d.%d", &major, &minor) != 2) return false;
  return major == kTorchMajor && minor >= kFirstTorchMinor && minor <= kLastTorchMinor;
}

Check Cores(const MachineFacts& facts) {
  return {
      "cores", CheckStatus::kOk,
      std::to_string(facts.cores) + " that this process may use, so as many threads unless --threads says otherwise",
      ""};
}

Check Memory(const MachineFacts& facts) {
  const std::string found = Gibibytes(facts.memory_bytes) + ", " + Gibibytes(facts.memory_free_bytes) + " of it free";
  if (facts.memory_free_bytes >= kLeastMemory) return {"memory", CheckStatus::kOk, found, ""};
  return {"memory", CheckStatus::kLack, found, "1 GiB is needed: close other programs, or raise the limit"};
}

Check Disk(const MachineFacts& facts) {
  const std::string found = Gibibytes(facts.disk_free_bytes) + " free in " + facts.folder;
  if (facts.disk_free_bytes < kLeastDisk) {
    return {"disk", CheckStatus::kLack, found, "100 MiB are needed: make room, or go to another folder"};
  }
  if (!facts.folder_writable) {
    return {"disk", CheckStatus::kNote, found + ", which can't be written",
            "go to another folder, or name one by --out"};
  }
  return {"disk", CheckStatus::kOk, found, ""};
}

Check Instructions(const MachineFacts& facts) {
  const std::string name = InstructionSetName(facts.instruction_set);
  if (facts.instruction_set != InstructionSet::kBaseline) {
    return {"instructions", CheckStatus::kOk, name + ", which our kernels use", ""};
  }
  return {"instructions", CheckStatus::kNote, name + ": our kernels run, several times slower",
          "use a processor with AVX2 or AVX-512"};
}

Check Torch(const MachineFacts& facts) {
  const std::string kind = facts.torch_cuda.empty() ? "CPU" : "CUDA " + facts.torch_cuda;
  const std::string loaded = facts.torch_loaded.empty() ? "of unknown version" : facts.torch_loaded;
  const std::string found = loaded + " (" + kind + ") from " + facts.torch_path;
  if (facts.torch_loaded != facts.torch_built) {
    return {"torch", CheckStatus::kLack, found + ", but this binary was built with " + facts.torch_built,
            "build it again: cmake --build"};
  }
  if (!WasTried(facts.torch_loaded)) {
    return {"torch", CheckStatus::kNote, found + ", a version that was never tried",
            "if something fails, use one of 2.11 to 2.14 (HEDDLE_TORCH=/path/to/torch)"};
  }
  return {"torch", CheckStatus::kOk, found, ""};
}

Check Cuda(const MachineFacts& facts) {
  if (facts.cuda_devices > 0) {
    return {"cuda", CheckStatus::kOk, std::to_string(facts.cuda_devices) + " devices that torch can use", ""};
  }
  if (!facts.nvidia_driver) return {"cuda", CheckStatus::kOk, "no device, and nothing needs one", ""};
  if (facts.torch_cuda.empty()) {
    return {"cuda", CheckStatus::kNote, "the machine has an NVIDIA driver, but torch is the CPU build",
            "to use it, set HEDDLE_TORCH to a CUDA build of torch and build again"};
  }
  return {
      "cuda", CheckStatus::kNote, "the machine has an NVIDIA driver, but torch sees no device",
      "see whether nvidia-smi runs, whether CUDA_VISIBLE_DEVICES hides it, and whether the driver is new enough for "
      "CUDA " +
          facts.torch_cuda};
}

Check Pages(const MachineFacts& facts) {
  if (facts.toy_page) return {"pages", CheckStatus::kOk, "built in", ""};
  return {"pages", CheckStatus::kNote, "not built in: results are left as JSON only",
          "run make setup, and build with -DHEDDLE_WEB=ON"};
}

Check Video(const MachineFacts& facts) {
  std::string reads, writes, lacking;
  for (const data::CodecSupport& codec : facts.codecs) {
    if (codec.reads) reads += (reads.empty() ? "" : ", ") + codec.codec;
    if (codec.writes) writes += (writes.empty() ? "" : ", ") + codec.codec;
    if (!codec.reads) lacking += (lacking.empty() ? "" : ", ") + std::string("reading ") + codec.codec;
    if (!codec.encoder.empty() && !codec.writes) lacking += (lacking.empty() ? "" : ", ") + codec.encoder;
  }
  const std::string found = "libavcodec " + facts.ffmpeg + " reads " + reads + " and writes " + writes;
  if (lacking.empty()) return {"video", CheckStatus::kOk, found, ""};
  return {"video", CheckStatus::kLack, found + "; it lacks " + lacking,
          "use an FFmpeg with dav1d, x264, x265 and SVT-AV1, such as Debian's"};
}

Check Rendering(const MachineFacts& facts) {
  const sim::RenderingSupport& rendering = facts.rendering;
  if (rendering.available) return {"rendering", CheckStatus::kOk, sim::Describe(rendering.facts), ""};
  return {"rendering", CheckStatus::kNote,
          "no OpenGL, so simulated worlds have states but no pictures: " + rendering.lack, rendering.mend};
}

}  // namespace

std::vector<Check> Judge(const MachineFacts& facts) {
  return {Cores(facts), Memory(facts), Disk(facts),      Instructions(facts), Torch(facts),
          Cuda(facts),  Video(facts),  Rendering(facts), Pages(facts)};
}

const char* StatusName(CheckStatus status) {
  switch (status) {
    case CheckStatus::kOk: return "ok";
    case CheckStatus::kNote: return "note";
    case CheckStatus::kLack: return "lack";
  }
  return "lack";
}

}  // namespace heddle::cli
