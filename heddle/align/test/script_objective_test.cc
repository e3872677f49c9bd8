#include "heddle/align/script_objective.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include <fstream>

#include "heddle/align/test/batches.h"
#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle::align {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Draws what the weights single out of each latent to the label's sign.
constexpr const char* kForward = R"(
def forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]:
    told = torch.tanh(torch.matmul(z, self.weight))
    loss = torch.mean((told - (2.0 * domain - 1.0)) ** 2)
    return loss, {"told": told.mean()}
)";

class Script : public ::testing::Test {
 protected:
  // The file of a module with a weight of 3 and this code.
  std::string Saved(const std::string& code) {
    torch::jit::Module module("Mine");
    module.register_parameter("weight", (at::arange(1, 4, at::kFloat) / 10).requires_grad_(), false);
    module.register_buffer("seen", at::zeros({}, at::kFloat));
    if (!code.empty()) module.define(code);
    const std::string file = (folder_.path() / "mine.pt").string();
    module.save(file);
    return file;
  }

  std::unique_ptr<Objective> Made(const std::string& file) {
    ScriptOptions options;
    options.weight = 0.5;
    options.file = file;
    return options.Make(setup_);
  }

  std::string ErrorOfMaking(const std::string& file) {
    try {
      Made(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  std::string ErrorOfUsing(const std::string& code) {
    nn::ParameterSet parameters{RandomStream(1, "script")};
    ScriptOptions options;
    options.weight = 1;
    options.file = Saved(code);
    const auto script = options.Make({.parameters = parameters, .latent_size = 3, .num_domains = 2});
    try {
      (*script)(Batch());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      return error.what();
    }
    return "nothing was thrown";
  }

  static AlignBatch Batch() {
    AlignBatch batch = SomeBatch(6, 3);
    batch.z_BD = batch.z_BD.detach().to(at::kFloat).requires_grad_();
    batch.labels["strategy"] = at::ones({6}, at::kLong);
    return batch;
  }

  ScratchFolder folder_;
  nn::ParameterSet parameters_{RandomStream(1, "script")};
  ObjectiveSetup setup_{.parameters = parameters_, .latent_size = 3, .num_domains = 2};
};

TEST_F(Script, IsTrainedAsOneOfTheSet) {
  const auto script = Made(Saved(kForward));
  parameters_.Flatten();
  ASSERT_EQ(parameters_.all().size(), 1u);
  EXPECT_EQ(parameters_.all()[0].name, "align.script.weight");
  const AlignBatch batch = Batch();
  const ObjectiveValue first = (*script)(batch);
  first.loss.backward();
  EXPECT_NEAR(first.loss.item<double>(), 0.5 * first.scalars.at("loss").item<double>(), 1e-7);
  EXPECT_EQ(first.scalars.count("told"), 1u);
  EXPECT_FALSE(first.scalars.at("told").requires_grad());
  EXPECT_GT(batch.z_BD.grad().abs().max().item<double>(), 0);
  EXPECT_GT(parameters_.gradients().abs().max().item<double>(), 0);
  // A step on the flat block is a step of the module.
  parameters_.values().sub_(parameters_.gradients(), 0.1);
  EXPECT_LT((*script)(batch).loss.item<double>(), first.loss.item<double>());
}

TEST_F(Script, HasTheGradientOfItsFormula) {
  const auto script = Made(Saved(kForward));
  const AlignBatch batch = Batch();
  (*script)(batch).loss.backward();
  const at::Tensor weight = at::arange(1, 4, at::kFloat) / 10;
  at::Tensor z = batch.z_BD.detach().clone().requires_grad_();
  const at::Tensor told = z.matmul(weight).tanh();
  ((told - (2 * batch.domain_B - 1)).square().mean() * 0.5).backward();
  EXPECT_LT(LargestDifference(batch.z_BD.grad(), z.grad()), 1e-7);
}

TEST_F(Script, GivesTheSameBitsHoweverOftenItRan) {
  constexpr const char* kFusible = R"(
def forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]:
    told = torch.sigmoid(torch.tanh(z * self.weight + 0.3) * z - z / 7.0)
    return torch.mean(torch.gelu(torch.layer_norm(told, [3])) * told), {"told": told.mean()}
)";
  const auto script = Made(Saved(kFusible));
  at::Tensor first;
  for (int run = 0; run < 6; ++run) {
    const AlignBatch batch = Batch();
    (*script)(batch).loss.backward();
    if (run == 0) first = batch.z_BD.grad();
    EXPECT_TRUE(at::equal(batch.z_BD.grad(), first)) << "run " << run;
  }
}

TEST_F(Script, MayReadLabels) {
  constexpr const char* kReadsLabels = R"(
def forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]:
    return torch.sum(z * labels["strategy"].unsqueeze(1)), {"count": labels["strategy"].sum().float()}
)";
  EXPECT_EQ((*Made(Saved(kReadsLabels)))(Batch()).scalars.at("count").item<double>(), 6);
}

TEST_F(Script, SaysWhichSignatureIsExpected) {
  constexpr const char* kTooFew = "def forward(self, z: Tensor) -> Tensor:\n    return z.sum()\n";
  EXPECT_THAT(ErrorOfMaking(Saved(kTooFew)),
              AllOf(HasSubstr("forward(self, z: Tensor) -> Tensor"),
                    HasSubstr("write it as forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> "
                              "Tuple[Tensor, Dict[str, Tensor]]")));
  constexpr const char* kLossAlone =
      "def forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> Tensor:\n    return z.sum()\n";
  EXPECT_THAT(ErrorOfMaking(Saved(kLossAlone)), HasSubstr("-> Tensor (write it as"));
  EXPECT_THAT(ErrorOfMaking(Saved("")), HasSubstr("has no forward"));
}

TEST_F(Script, SaysWhatIsWrongWithTheFile) {
  EXPECT_THAT(ErrorOfMaking(""), HasSubstr("script.file"));
  EXPECT_THAT(ErrorOfMaking((folder_.path() / "none.pt").string()), HasSubstr("no such file"));
  std::ofstream(folder_.path() / "text.pt") << "not a module";
  EXPECT_THAT(ErrorOfMaking((folder_.path() / "text.pt").string()), HasSubstr("no TorchScript module"));
}

TEST_F(Script, SaysWhereItFailed) {
  constexpr const char* kHead =
      "def forward(self, z: Tensor, domain: Tensor, labels: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]:\n";
  const std::string none = "{\"one\": z.sum()}\n", head = kHead;
  EXPECT_THAT(ErrorOfUsing(head + "    return torch.matmul(z, z).sum(), " + none),
              HasSubstr("forward failed: RuntimeError"));
  EXPECT_THAT(ErrorOfUsing(head + "    return labels[\"rig\"].sum(), " + none),
              HasSubstr("forward failed: RuntimeError"));
  EXPECT_THAT(ErrorOfUsing(head + "    return z, " + none), HasSubstr("the loss is not one number"));
  EXPECT_THAT(ErrorOfUsing(head + "    return z.sum(), {\"all\": z}\n"), HasSubstr("'all' is not one number"));
  EXPECT_THAT(ErrorOfUsing(head + "    self.seen.add_(1)\n    return z.sum(), " + none), HasSubstr("buffer seen"));
  EXPECT_THAT(ErrorOfUsing(head + "    self.seen = self.seen + 1\n    return z.sum(), " + none),
              HasSubstr("buffer seen"));
}

}  // namespace
}  // namespace heddle::align
