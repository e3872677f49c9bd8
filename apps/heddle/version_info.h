// Which Heddle this is.
#pragma once

#include <string>

namespace heddle::cli {

struct VersionInfo {
  std::string version;     // "0.1.0"
  std::string commit;      // of git, 40 digits; "unknown" if it was not built from a checkout
  bool modified = false;   // tracked files differed from that commit
  std::string compiler;    // "GNU 12.2.0"
  std::string build_type;  // "Release"
  std::string torch;       // the version it was built with, "2.13.0+cpu"
};

VersionInfo ThisVersion();

}  // namespace heddle::cli
