#include <memory>
#include <nlohmann/json.hpp>

#include "apps/heddle/verb.h"
#include "apps/heddle/version_info.h"
#include "heddle/core/json.h"

namespace heddle::cli {
namespace {

void PrintVersion(bool json, std::ostream& out) {
  const VersionInfo version = ThisVersion();
  if (json) {
    out << DumpJson({{"version", version.version},
                     {"commit", version.commit},
                     {"modified", version.modified},
                     {"compiler", version.compiler},
                     {"build_type", version.build_type},
                     {"torch", version.torch}})
        << "\n";
    return;
  }
  out << "heddle " << version.version << "\n"
      << "commit " << version.commit << (version.modified ? ", with changes" : "") << "\n"
      << "built by " << version.compiler << " (" << version.build_type << ") with torch " << version.torch << "\n";
}

VerbRun Add(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  AddJsonFlag(app, *json);
  return [json](const Console& console) {
    PrintVersion(*json, console.out);
    return kExitDone;
  };
}

}  // namespace

Verb VersionVerb() {
  return {.name = "version",
          .group = VerbGroup::kBeside,
          .reads = "nothing",
          .leaves = "version, commit, compiler and torch of this binary",
          .about = "Says which Heddle this is: version, commit, and what it was built by and with.",
          .example = "heddle version --json",
          .add = Add};
}

}  // namespace heddle::cli
