#include "apps/heddle/doctor.h"

#include <gmock/gmock.h>

namespace heddle::cli {
namespace {

using ::testing::HasSubstr;

MachineFacts HealthyMachine() {
  MachineFacts facts;
  facts.cores = 2;
  facts.memory_bytes = int64_t{8} << 30;
  facts.memory_free_bytes = int64_t{6} << 30;
  facts.folder = "/home/weaver";
  facts.disk_free_bytes = int64_t{50} << 30;
  facts.folder_writable = true;
  facts.instruction_set = InstructionSet::kAvx2;
  facts.torch_built = facts.torch_loaded = "2.13.0+cpu";
  facts.torch_path = "/venv/torch";
  facts.toy_page = true;
  facts.ffmpeg = "59.37.100";
  facts.codecs = {{"h264", true, "libx264", true}, {"vp9", true, "", false}};
  facts.rendering = {.available = true,
                     .facts = {"EGL", "Mesa", "llvmpipe (LLVM 15.0.6, 256 bits)", "4.5 Mesa 22.3.6"},
                     .lack = "",
                     .mend = ""};
  return facts;
}

Check CheckOf(const MachineFacts& facts, const std::string& name) {
  for (const Check& check : Judge(facts)) {
    if (check.name == name) return check;
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}

TEST(Doctor, FindsNothingToMendOnAHealthyMachine) {
  for (const Check& check : Judge(HealthyMachine())) {
    EXPECT_EQ(check.status, CheckStatus::kOk) << check.name;
    EXPECT_EQ(check.mend, "") << check.name;
    EXPECT_NE(check.found, "") << check.name;
  }
}

TEST(Doctor, EveryNoteAndLackSaysHowToMendIt) {
  MachineFacts poor = HealthyMachine();
  poor.memory_free_bytes = 100 << 20;
  poor.disk_free_bytes = 1 << 20;
  poor.instruction_set = InstructionSet::kBaseline;
  poor.torch_loaded = "2.14.0";
  poor.nvidia_driver = true;
  poor.toy_page = false;
  poor.codecs[0].writes = false;
  poor.rendering = {.available = false, .facts = {}, .lack = "libEGL.so.1 is not there", .mend = "install it"};
  for (const Check& check : Judge(poor)) {
    if (check.name == "cores") continue;
    EXPECT_NE(check.status, CheckStatus::kOk) << check.name;
    EXPECT_NE(check.mend, "") << check.name;
  }
}

TEST(Doctor, WhatTheBuildCannotDoWithoutIsALack) {
  MachineFacts facts = HealthyMachine();
  facts.memory_free_bytes = int64_t{1023} << 20;
  EXPECT_EQ(CheckOf(facts, "memory").status, CheckStatus::kLack);
  facts = HealthyMachine();
  facts.disk_free_bytes = int64_t{99} << 20;
  EXPECT_EQ(CheckOf(facts, "disk").status, CheckStatus::kLack);
  facts = HealthyMachine();
  facts.torch_loaded = "2.12.1+cpu";
  EXPECT_EQ(CheckOf(facts, "torch").status, CheckStatus::kLack);
  EXPECT_THAT(CheckOf(facts, "torch").found,
              HasSubstr("2.12.1+cpu (CPU) from /venv/torch, but this binary was built "));
}

TEST(Doctor, ATorchThatWasNeverTriedIsNamed) {
  const auto status_with = [](const std::string& version) {
    MachineFacts facts = HealthyMachine();
    facts.torch_built = facts.torch_loaded = version;
    return CheckOf(facts, "torch").status;
  };
  EXPECT_EQ(status_with("2.10.2"), CheckStatus::kNote);
  EXPECT_EQ(status_with("2.11.0+cu130"), CheckStatus::kOk);
  EXPECT_EQ(status_with("2.14.0"), CheckStatus::kOk);
  EXPECT_EQ(status_with("2.15.0.dev20261101"), CheckStatus::kNote);
  EXPECT_EQ(status_with("3.12.0"), CheckStatus::kNote);
}

TEST(Doctor, AnUnusedGpuIsANoteWithItsReason) {
  MachineFacts facts = HealthyMachine();
  facts.nvidia_driver = true;
  EXPECT_THAT(CheckOf(facts, "cuda").found, HasSubstr("torch is the CPU build"));
  facts.torch_cuda = "13.0";
  EXPECT_THAT(CheckOf(facts, "cuda").found, HasSubstr("torch sees no device"));
  facts.cuda_devices = 1;
  EXPECT_EQ(CheckOf(facts, "cuda").status, CheckStatus::kOk);
}

TEST(Doctor, SeesThisMachine) {
  const MachineFacts facts = LookAtThisMachine();
  EXPECT_GE(facts.cores, 1);
  EXPECT_GT(facts.memory_free_bytes, 0);
  EXPECT_LE(facts.memory_free_bytes, facts.memory_bytes);
  EXPECT_GT(facts.disk_free_bytes, 0);
  EXPECT_EQ(facts.torch_loaded, facts.torch_built);
  EXPECT_NE(facts.torch_path, "");
}

}  // namespace
}  // namespace heddle::cli
