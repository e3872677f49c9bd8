#include "apps/heddle/options_flags.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"

namespace heddle::cli {
namespace {

struct LoomOptions {
  int64_t threads = 2;
  std::vector<double> w = {0.5};
  template <class V>
  void Visit(V& v) {
    v.Field("threads", threads, {.doc = "of the warp", .min = 1});
    v.Field("w", w, {.doc = "of the weft", .min = 0, .max = 1});
  }
};

LoomOptions Parse(std::vector<std::string> arguments) {
  CLI::App app;
  OptionFlags flags;
  std::string rest;
  AddOptionFlags(app, flags);
  app.add_option("REST", rest);
  std::reverse(arguments.begin(), arguments.end());
  app.parse(arguments);
  LoomOptions options;
  ApplyOptionFlags(flags, OptionTree::Of("loom", options));
  return options;
}

TEST(OptionsFlags, SetTakesOneAssignmentEachAndTheLastWins) {
  const LoomOptions options = Parse({"--set", "threads=5", "rest", "--set", "w=[0.1, 0.2]", "--set", "loom.threads=6"});
  EXPECT_EQ(options.threads, 6);
  EXPECT_EQ(options.w, (std::vector<double>{0.1, 0.2}));
}

TEST(OptionsFlags, SetOverridesTheFile) {
  const auto file = std::filesystem::temp_directory_path() / "heddle_options_flags_test.yaml";
  WriteFileAtomically(file, "threads: 9\nw: [1]\n");
  const LoomOptions options = Parse({"--set", "threads=5", "--options", file.string()});
  std::filesystem::remove(file);
  EXPECT_EQ(options.threads, 5);
  EXPECT_EQ(options.w, std::vector<double>{1});
}

TEST(OptionsFlags, AFileThatIsNotThereIsNamed) {
  try {
    Parse({"--options", "no/such.yaml"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSystem);
    EXPECT_STREQ(error.what(), "no/such.yaml: cannot read this file: No such file or directory");
  }
}

}  // namespace
}  // namespace heddle::cli
