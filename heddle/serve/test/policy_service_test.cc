// A served checkpoint acts as it does in this process, and acts on nothing that does not fit its card.
#include "heddle/serve/policy_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/policy/acting_policy.h"
#include "heddle/serve/observation_reader.h"
#include "heddle/serve/test/small_checkpoint.h"
#include "heddle/tensor/views.h"
#include "heddle/wire/policy_client.h"
#include "heddle/wire/policy_server.h"

namespace heddle::serve {
namespace {

using contract::Array;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using wire::Map;
using wire::Value;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Array Floats(const std::vector<float>& values) {
  return Array::Of<float>(values, {static_cast<int64_t>(values.size())});
}

Value Seen(uint64_t seed = 5, int64_t step = 8) {
  return Map{{"observation/state", Floats({.1F, .2F, .3F})},
             {"observation/environment_state", Floats({-.4F, .5F})},
             {"prompt", "put it there"},
             {"episode_seed", seed},
             {"step", step}};
}

Value With(Value observation, const char* key, Value value) {
  observation.Set(key, std::move(value));
  return observation;
}

std::vector<float> ActionsOf(const Value& answer) {
  const auto values = answer.Find("actions")->Get<Array>()->Values<float>();
  return {values.begin(), values.end()};
}

class ServedCheckpoint : public testing::Test {
 protected:
  PolicyService Served(const policy::ActingChanges& changes = {}, bool pictures = false, bool labelled = true) {
    SmallPolicy small = SmallPolicy::OfStates(labelled);
    if (pictures) small = SmallPolicy::Of(small.card.observation.numbers, small.card.action.names, true, labelled);
    folder_ = scratch_.path() / std::to_string(folders_++);
    small.Save(folder_);
    return PolicyService::Load(folder_, changes);
  }
  // The line with which an observation is refused.
  std::string Refusal(PolicyService& service, const Value& observation) {
    try {
      service.Answer(observation);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      return error.what();
    }
    return "";
  }

  ScratchFolder scratch_;
  std::filesystem::path folder_;
  int folders_ = 0;
};

TEST_F(ServedCheckpoint, GivesTheActionsOfThisProcessBitForBit) {
  PolicyService service = Served({.guidance = .7});
  policy::ActingPolicy alone(policy::LoadCheckpoint(folder_), {.guidance = .7});
  std::vector<policy::Moment> moments;
  for (int64_t step = 0; step < 16; ++step) {
    const auto x = static_cast<float>(step) / 16;
    moments.push_back({.observation = {.numbers = {{"observation.state", {x, .2F, .3F}},
                                                   {"observation.environment_state", {-.4F, x}}},
                                       .pictures = {}},
                       .episode_seed = 5,
                       .step = step});
  }
  for (size_t i = 0; i < moments.size(); ++i) {
    const auto& numbers = moments[i].observation.numbers;
    Value seen = Seen(5, moments[i].step);
    seen.Set("observation/state", Floats(numbers.at("observation.state")));
    seen.Set("observation/environment_state", Floats(numbers.at("observation.environment_state")));
    const at::Tensor alone_1HD = alone.Act(moments[i]).actions_BHD;
    const auto row = tensor::ViewOf<float>(alone_1HD);
    EXPECT_EQ(ActionsOf(service.Answer(seen)), std::vector<float>(row.begin(), row.end())) << "moment " << i;
  }
}

TEST_F(ServedCheckpoint, DrawsItsChanceFromTheSeedThatIsSent) {
  PolicyService service = Served();
  const auto first = ActionsOf(service.Answer(Seen(5, 8)));
  EXPECT_NE(ActionsOf(service.Answer(Seen(5, 9))), first);
  EXPECT_NE(ActionsOf(service.Answer(Seen(6, 8))), first);
  EXPECT_EQ(ActionsOf(service.Answer(Seen(5, 8))), first);

  Value unseeded =
      Map{{"observation/state", Floats({.1F, .2F, .3F})}, {"observation/environment_state", Floats({-.4F, .5F})}};
  const auto once = ActionsOf(service.Answer(unseeded)), again = ActionsOf(service.Answer(unseeded));
  EXPECT_NE(once, again);
  PolicyService other = PolicyService::Load(folder_);
  EXPECT_EQ(ActionsOf(other.Answer(unseeded)), once) << "a stream of the server's own, from its beginning";
  EXPECT_THAT(Refusal(service, With(unseeded, "step", 3)), HasSubstr("episode_seed, step: one of them is missing"));
  EXPECT_THAT(Refusal(service, With(Seen(), "step", -1)), HasSubstr("step: is no whole number from 0"));
  EXPECT_THAT(Refusal(service, With(Seen(), "episode_seed", .5)), HasSubstr("episode_seed: is no whole number"));
}

TEST_F(ServedCheckpoint, TakesNumbersOfAnyTypeButNotFlags) {
  PolicyService service = Served();
  const std::vector<double> doubles = {1, 2, -1};
  const std::vector<int64_t> whole = {1, 2, -1};
  const auto as_floats = ActionsOf(service.Answer(With(Seen(), "observation/state", Floats({1, 2, -1}))));
  EXPECT_EQ(ActionsOf(service.Answer(With(Seen(), "observation/state", Array::Of<double>(doubles, {3})))), as_floats);
  EXPECT_EQ(ActionsOf(service.Answer(With(Seen(), "observation/state", Array::Of<int64_t>(whole, {3})))), as_floats);
  EXPECT_THAT(Refusal(service, With(Seen(), "observation/state", Array(contract::DType::kBool, {3}))),
              HasSubstr("observation/state: is bool [3], wanted 3 numbers"));
}

TEST_F(ServedCheckpoint, NamesAllThatDoesNotFitInOneLine) {
  PolicyService service = Served({}, /*pictures=*/true);
  const std::string line = Refusal(service, Map{{"observation/states", Floats({1, 2, 3})},
                                                {"observation/environment_state", Floats({1, 2, 3})},
                                                {"observation/images/front", Array(contract::DType::kU8, {3, 40, 48})},
                                                {"embodiment", "floating_hand"},
                                                {"control_hz", 10}});
  EXPECT_THAT(line, AllOf(HasSubstr("observation/state: is missing, wanted 3 numbers ('observation/states' was sent)"),
                          HasSubstr("observation/environment_state: is float32 [3], wanted 2 numbers"),
                          HasSubstr("observation/images/front: is uint8 [3, 40, 48], wanted uint8 [40, 48, 3]"),
                          HasSubstr("embodiment: the card has panda, offered is floating_hand"),
                          HasSubstr("control_hz: the card has 20, offered is 10"), Not(HasSubstr("\n"))));
  EXPECT_THAT(Refusal(service, With(Seen(), "observation/images/front", Array(contract::DType::kF32, {40, 48, 3}))),
              HasSubstr("is float32 [40, 48, 3], wanted uint8"));
  EXPECT_THAT(Refusal(service, With(Seen(), "observation/images/front", "a picture")), HasSubstr("is a text, wanted"));
  EXPECT_EQ(
      ActionsOf(service.Answer(With(Seen(), "observation/images/front", Array(contract::DType::kU8, {40, 48, 3}))))
          .size(),
      16U);
}

TEST_F(ServedCheckpoint, DoesNotActOnWhatIsNoReading) {
  PolicyService service = Served();
  const auto state = [&](double x) {
    const std::vector<double> values = {0, x, 0};
    return With(Seen(), "observation/state", Array::Of<double>(values, {3}));
  };
  EXPECT_THAT(Refusal(service, state(kNaN)), HasSubstr("observation/state[1] (y): is nan"));
  EXPECT_THAT(Refusal(service, state(-HUGE_VAL)), HasSubstr("observation/state[1] (y): is -inf"));
  EXPECT_THAT(Refusal(service, state(1e300)), HasSubstr("observation/state[1] (y): is 1.0e+300"));
  EXPECT_THAT(Refusal(service, state(-6e5)), HasSubstr("in training it lay around 0"));
  for (const float action : ActionsOf(service.Answer(state(4e5)))) {
    EXPECT_TRUE(std::isfinite(action));
    EXPECT_LE(std::abs(action), 1.2F) << "within the card's limits";
  }
}

TEST_F(ServedCheckpoint, IsChangedByWhatItIsTold) {
  PolicyService plain = Served();
  const auto actions = ActionsOf(plain.Answer(Seen()));
  const auto as = [&](const policy::ActingChanges& changes) {
    return ActionsOf(PolicyService::Load(folder_, changes).Answer(Seen()));
  };
  EXPECT_NE(as({.guidance = 1}), actions);
  EXPECT_NE(as({.act_as = {{"domain", "sim"}}}), actions);
  EXPECT_EQ(as({.guidance = -1}), as({.act_as = {{"domain", ""}}})) << "by the unconditional branch alone";
  EXPECT_THROW(as({.act_as = {{"domain", "simm"}}}), Error);
  EXPECT_THROW(as({.act_as = {{"strategy", "safe"}}}), Error);
  EXPECT_THROW(as({.guidance = kNaN}), Error);
  Served({}, false, /*labelled=*/false);
  EXPECT_THROW(as({.guidance = .5}), Error) << "there is no label to guide by";
}

TEST_F(ServedCheckpoint, RefusesACardOfAnotherPolicy) {
  Served();
  contract::AdaptationCard card = policy::ReadCard(folder_);
  card.observation.numbers[0].names.push_back("w");
  policy::WriteCard(folder_, card);
  EXPECT_THROW(PolicyService::Load(folder_), Error);
}

TEST_F(ServedCheckpoint, TellsWhatItIs) {
  const PolicyService service = Served({.guidance = .5});
  const Value metadata = service.Metadata();
  EXPECT_EQ(*metadata.Find("checkpoint_hash")->Get<std::string>(), policy::LoadCheckpoint(folder_).hash);
  EXPECT_EQ(*metadata.Find("guidance")->Get<double>(), .5);
  EXPECT_EQ(metadata.Find("action_horizon")->Number(), 8);
  EXPECT_EQ(metadata.Find("execute")->Number(), 4);
  const Value* state = metadata.Find("observation")->Find("observation/state");
  EXPECT_EQ(*state->Find("names"), Value(wire::List{"x", "y", "z"}));
  EXPECT_THAT(ServiceText(service), AllOf(HasSubstr("observation/state  [3]: x, y, z"), HasSubstr("guidance   0.5")));
}

TEST_F(ServedCheckpoint, ActsForOneClientWhileOthersMisbehave) {
  PolicyService service = Served();
  const auto expected = ActionsOf(service.Answer(Seen()));
  wire::PolicyServer server(service.Metadata(), [&](const Value& seen) { return service.Answer(seen); }, {.port = 0});
  const std::string url = "ws://127.0.0.1:" + std::to_string(server.port());
  std::atomic<bool> done = false;
  std::atomic<int> refused = 0;
  std::thread hostile([&] {
    for (int i = 0; !done || i < 4; ++i) {
      const std::vector<Value> requests = {Map{}, With(Seen(), "observation/state", Floats({1, 2})),
                                           With(Seen(), "observation/state", Floats({NAN, 0, 0})),
                                           With(Seen(), "step", "now")};
      auto client = wire::PolicyClient::Connect(url);
      try {
        client.Infer(requests[static_cast<size_t>(i) % requests.size()]);
        ADD_FAILURE() << "was acted on";
      } catch (const wire::PolicyFailure&) {
        ++refused;
      }
    }
  });
  auto good = wire::PolicyClient::Connect(url);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ActionsOf(good.Infer(Seen())), expected);
  done = true;
  hostile.join();
  EXPECT_GE(refused, 4);
}

TEST(KeyOf, HasSlashesForTheFirstPoints) {
  EXPECT_EQ(KeyOf("observation.state"), "observation/state");
  EXPECT_EQ(KeyOf("observation.images.wrist.left"), "observation/images/wrist.left");
  EXPECT_EQ(KeyOf("state"), "state");
}

}  // namespace
}  // namespace heddle::serve
