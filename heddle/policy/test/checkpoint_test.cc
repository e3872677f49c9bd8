#include "heddle/policy/checkpoint.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <torch/csrc/jit/api/module.h>

#include <fstream>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/policy/acting.h"
#include "heddle/policy/test/small_policy.h"
#include "heddle/tensor/safetensors.h"

namespace heddle::policy {
namespace {

using ::testing::HasSubstr;

class CheckpointTest : public ::testing::Test {
 protected:
  CheckpointTest() : policy_(SmallPolicy()) {
    SaveCheckpoint(folder_, *policy_, policy_->parameters().values(), SmallCard(*policy_));
  }
  std::string ErrorOf() const {
    try {
      LoadCheckpoint(folder_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput) << error.what();
      return error.what();
    }
    return "no error";
  }
  void Replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = ReadFile(folder_ / file);
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << text;
    std::ofstream(folder_ / file) << text.replace(at, from.size(), to);
  }

  ScratchFolder scratch_;
  std::filesystem::path folder_ = scratch_.path() / "0000010";
  std::unique_ptr<Policy> policy_;
};

TEST_F(CheckpointTest, ActsAsTheOneThatWasSaved) {
  const Checkpoint loaded = LoadCheckpoint(folder_);
  const ActPlan plan = ActPlan::Of(*policy_, SmallCard(*policy_), "card");
  const PolicyRows rows = RowsOf(SmallBatch(4), policy_->layout(), policy_->normaliser());
  const at::Tensor noise =
      at::stack({ActingNoise(policy_->layout(), plan, 1, 0), ActingNoise(policy_->layout(), plan, 1, 1),
                 ActingNoise(policy_->layout(), plan, 1, 2), ActingNoise(policy_->layout(), plan, 1, 3)});
  EXPECT_TRUE(Act(*loaded.policy, rows, noise, plan).actions_BHD.equal(Act(*policy_, rows, noise, plan).actions_BHD));
  EXPECT_EQ(loaded.card, SmallCard(*policy_));
  EXPECT_EQ(loaded.policy->layout(), policy_->layout());
}

TEST_F(CheckpointTest, HasCopiesOfTheModulesThatItIsBuiltWith) {
  torch::jit::Module module("Trunk");
  module.define("def forward(self, tokens: Tensor) -> Tensor:\n    return tokens.sum(1)\n");
  const std::filesystem::path file = scratch_.path() / "mine.pt";
  module.save(file.string());
  const auto policy = SmallPolicy({}, {.kind = TrunkKind::kScript, .script = file.string()});
  const std::filesystem::path folder = scratch_.path() / "0000020", moved = scratch_.path() / "elsewhere";
  SaveCheckpoint(folder, *policy, policy->parameters().values(), SmallCard(*policy));
  std::filesystem::remove(file);
  std::filesystem::rename(folder, moved);
  const Checkpoint loaded = LoadCheckpoint(moved);
  const PolicyRows rows = RowsOf(SmallBatch(4), policy->layout(), policy->normaliser());
  EXPECT_TRUE(loaded.policy->network().Encode(rows).z_BW.equal(policy->network().Encode(rows).z_BW));
  // Its code is part of what it is.
  torch::jit::Module other("Trunk");
  other.define("def forward(self, tokens: Tensor) -> Tensor:\n    return tokens.mean(1)\n");
  other.save((moved / "trunk.pt").string());
  EXPECT_NE(LoadCheckpoint(moved).hash, loaded.hash);
}

TEST_F(CheckpointTest, ItsHashIsOfThePolicyAndNotOfItsCard) {
  const std::string before = LoadCheckpoint(folder_).hash;
  contract::AdaptationCard card = SmallCard(*policy_);
  card.guidance.lambda = -.5;
  WriteCard(folder_, card);
  EXPECT_EQ(LoadCheckpoint(folder_).hash, before);
  EXPECT_EQ(LoadCheckpoint(folder_).card.guidance.lambda, -.5);
  const std::filesystem::path other = scratch_.path() / "0000011";
  SaveCheckpoint(other, *policy_, policy_->parameters().values() * 1.001, SmallCard(*policy_));
  EXPECT_NE(LoadCheckpoint(other).hash, before);
}

TEST_F(CheckpointTest, ParametersOfObjectivesAreNotPartOfThePolicy) {
  for (const auto& [name, tensor] : tensor::ReadSafetensors(folder_ / "model.safetensors").tensors)
    EXPECT_TRUE(name.starts_with("policy.")) << name;
}

TEST_F(CheckpointTest, DamageIsToldByFileAndField) {
  Replace("card.yaml", "dx", "dz");
  EXPECT_NO_THROW(LoadCheckpoint(folder_));  // read is one thing,
  try {
    const Checkpoint loaded = LoadCheckpoint(folder_);
    ActPlan::Of(*loaded.policy, loaded.card, "card.yaml");
    FAIL();
  } catch (const Error& error) {  // acting by it another
    EXPECT_STREQ(error.what(), "card.yaml: 'action.names' differ from the policy's");
  }
  Replace("config.json", "\"width\": 16", "\"width\": 24");
  EXPECT_THAT(ErrorOf(), HasSubstr("is not of the shape and type that config.json says"));
  Replace("config.json", "\"layers\"", "\"layer\"");
  EXPECT_THAT(ErrorOf(), HasSubstr("config.json"));
}

TEST_F(CheckpointTest, UnknownAndMissingFieldsOfACardAreRefused) {
  Replace("card.yaml", "control_hz: 10", "control_hertz: 10");
  EXPECT_THAT(ErrorOf(), HasSubstr("'control_hz' is missing"));
  Replace("card.yaml", "control_hertz: 10", "control_hz: 10\nspeed: 3");
  EXPECT_THAT(ErrorOf(), HasSubstr("unknown key 'speed'"));
  Replace("card.yaml", "speed: 3\n", "");
  Replace("card.yaml", "act: \"real\"", "act: \"reel\"");
  EXPECT_THAT(ErrorOf(), HasSubstr("did you mean 'real'?"));
}

TEST_F(CheckpointTest, NumbersThatAreNotFiniteAreRefused) {
  auto file = tensor::ReadSafetensors(folder_ / "model.safetensors");
  file.tensors.begin()->second.flatten()[0] = NAN;
  tensor::WriteSafetensors(folder_ / "model.safetensors", file.tensors);
  EXPECT_THAT(ErrorOf(), HasSubstr("not finite"));
}

TEST_F(CheckpointTest, WhatIsNoCheckpointIsAUsageError) {
  try {
    LoadCheckpoint(scratch_.path() / "nothing");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace heddle::policy
