// A policy does the same with a window of its datasets, whether it comes from the loader or through a server.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "heddle/core/test/scratch_folder.h"
#include "heddle/mixture/loader.h"
#include "heddle/policy/acting.h"
#include "heddle/policy/checkpoint.h"
#include "heddle/policy/rows.h"
#include "heddle/serve/observation_reader.h"
#include "heddle/serve/policy_service.h"
#include "heddle/tensor/views.h"
#include "heddle/train/setup.h"
#include "heddle/train/test/small_run.h"
#include "heddle/wire/policy_client.h"
#include "heddle/wire/policy_server.h"

namespace heddle {
namespace {

using contract::Array;

// Row `row` of the batch as a client sends it.
wire::Value RowAsRequest(const contract::Batch& batch, const policy::PolicyLayout& layout, int64_t row) {
  wire::Value request = wire::Map{{"episode_seed", row}, {"step", 0}};
  for (const policy::NumberInput& input : layout.numbers) {
    const at::Tensor values = batch.values.at(input.name)[row][0].contiguous();
    request.Set(serve::KeyOf(input.feature), Array::Of<float>(tensor::ViewOf<float>(values), {input.size()}));
  }
  for (const policy::CameraInput& camera : layout.cameras) {
    const at::Tensor pixels = batch.values.at(camera.name)[row][0].contiguous();
    request.Set(serve::KeyOf(camera.name),
                Array::Of<uint8_t>(tensor::ViewOf<uint8_t>(pixels), {camera.height, camera.width, 3}));
  }
  return request;
}

// One row of a batch, as a server sees it.
policy::PolicyRows Alone(const policy::PolicyRows& rows, int64_t row) {
  policy::PolicyRows alone{rows.numbers_BN.narrow(0, row, 1), {}, {}, rows.conditions_BK.narrow(0, row, 1)};
  for (const at::Tensor& pictures : rows.pictures) alone.pictures.push_back(pictures.narrow(0, row, 1));
  for (const at::Tensor& present : rows.picture_present) alone.picture_present.push_back(present.narrow(0, row, 1));
  return alone;
}

TEST(LoaderAndServer, GiveThePolicyTheSame) {
  const ScratchFolder scratch;
  const train::RunFile run = train::SmallRun(train::WriteSmallMixture(scratch.path(), 2, /*pictures=*/true), "cfg",
                                             {"data.cameras=[observation.images.top]", "data.picture_size=36"});
  train::RunSetup setup = train::SetUpRun(run);
  setup.policy->parameters().Flatten();
  setup.card.guidance.lambda = .5;
  setup.card.training.step = 0;
  const std::filesystem::path folder = scratch.path() / "checkpoint";
  policy::SaveCheckpoint(folder, *setup.policy, setup.policy->parameters().values(), setup.card);
  const policy::PolicyLayout& layout = setup.policy->layout();
  ASSERT_EQ(layout.cameras.size(), 1U);

  const auto loader = train::TrainingLoader(setup, 0, 0);
  const contract::Batch& batch = loader->Next();
  ASSERT_EQ(batch.origins.size(), 16U);
  const policy::ActPlan plan = policy::ActPlan::Of(*setup.policy, setup.card, "card");
  const policy::PolicyRows rows = policy::RowsOf(batch, layout, setup.policy->normaliser());

  serve::PolicyService service = serve::PolicyService::Load(folder);
  wire::PolicyServer server(service.Metadata(), [&](const wire::Value& seen) { return service.Answer(seen); },
                            {.port = 0});
  auto client = wire::PolicyClient::Connect("ws://127.0.0.1:" + std::to_string(server.port()));
  for (int64_t row = 0; row < 16; ++row) {
    const wire::Value answer = client.Infer(RowAsRequest(batch, layout, row));
    const auto served = answer.Find("actions")->Get<Array>()->Values<float>();
    const at::Tensor noise_1HD = policy::ActingNoise(layout, plan, static_cast<uint64_t>(row), 0).unsqueeze(0);
    const at::Tensor acted_1HD = policy::Act(*setup.policy, Alone(rows, row), noise_1HD, plan).actions_BHD;
    const auto loaded = tensor::ViewOf<float>(acted_1HD);
    EXPECT_EQ(std::vector(served.begin(), served.end()), std::vector(loaded.begin(), loaded.end())) << "row " << row;
  }
}

}  // namespace
}  // namespace heddle
