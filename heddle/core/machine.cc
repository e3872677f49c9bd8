#include "heddle/core/machine.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace heddle {
namespace {

// The folders of this process's control group, its own first and then those above it (version 2 of the interface: one
// line "0::/path"). Every one of them may set a limit.
std::vector<std::filesystem::path> ControlGroups() {
  std::vector<std::filesystem::path> groups;
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("0::/")) continue;
    const std::filesystem::path root = "/sys/fs/cgroup";
    std::filesystem::path path = std::filesystem::path(line.substr(4)).lexically_normal();
    while (!path.empty()) {
      groups.push_back(root / path);
      path = path.parent_path();
    }
    groups.push_back(root);
  }
  return groups;
}

// "cpu.max" holds "QUOTA PERIOD" in microseconds, or "max PERIOD".
double QuotaCores() {
  double cores = INFINITY;
  for (const auto& group : ControlGroups()) {
    std::ifstream in(group / "cpu.max");
    double quota = 0, period = 0;
    if (in >> quota >> period && quota > 0 && period > 0) cores = std::min(cores, quota / period);
  }
  return cores;
}

}  // namespace

int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const bool known = sched_getaffinity(0, sizeof set, &set) == 0;
  const double cores = known ? CPU_COUNT(&set) : static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  return std::max(1, static_cast<int>(std::ceil(std::min(cores, QuotaCores()))));
}

int64_t UsableMemoryBytes() {
  int64_t bytes = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  for (const auto& group : ControlGroups()) {
    std::ifstream in(group / "memory.max");
    int64_t limit = 0;
    if (in >> limit && limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

InstructionSet BestInstructionSet() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return InstructionSet::kBaseline;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return avx512 ? InstructionSet::kAvx512 : InstructionSet::kAvx2;
#else
  return InstructionSet::kBaseline;
#endif
}

int64_t ResidentMemoryBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total_pages = 0, resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return statm ? resident_pages * ::sysconf(_SC_PAGESIZE) : 0;
}

int64_t PeakMemoryBytes() {
  rusage usage{};
  return ::getrusage(RUSAGE_SELF, &usage) == 0 ? int64_t{1024} * usage.ru_maxrss : 0;
}

const char* InstructionSetName(InstructionSet set) {
  switch (set) {
    case InstructionSet::kBaseline: return "baseline";
    case InstructionSet::kAvx2: return "AVX2";
    case InstructionSet::kAvx512: return "AVX-512";
  }
  return "baseline";
}

}  // namespace heddle
