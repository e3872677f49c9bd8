#include "apps/heddle/version_info.h"

#include "heddle_commit.h"  // generated: kCommit, kModified

namespace heddle::cli {

VersionInfo ThisVersion() {
  return {HEDDLE_VERSION, kCommit, kModified, HEDDLE_COMPILER, HEDDLE_BUILD_TYPE, HEDDLE_TORCH_VERSION};
}

std::string Version() {
  constexpr size_t kDigits = 12;
  const VersionInfo info = ThisVersion();
  return info.commit == "unknown" ? info.version : info.version + "+g" + info.commit.substr(0, kDigits);
}

}  // namespace heddle::cli
