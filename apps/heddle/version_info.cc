#include "apps/heddle/version_info.h"

#include "heddle_commit.h"  // generated: kCommit, kModified

namespace heddle::cli {

VersionInfo ThisVersion() {
  return {HEDDLE_VERSION, kCommit, kModified, HEDDLE_COMPILER, HEDDLE_BUILD_TYPE, HEDDLE_TORCH_VERSION};
}

}  // namespace heddle::cli
