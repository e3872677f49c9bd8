// Our client and our server with each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "heddle/wire/policy_client.h"
#include "heddle/wire/policy_server.h"
#include "heddle/wire/test/samples.h"

namespace heddle::wire {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string UrlOf(const PolicyServer& server) { return "ws://127.0.0.1:" + std::to_string(server.port()); }

Value Echo(const Value& observation) { return Map{{"echo", observation}}; }

PolicyFailure FailureOf(PolicyClient& client, const Value& observation) {
  try {
    client.Infer(observation);
  } catch (const PolicyFailure& failure) {
    return failure;
  }
  throw std::runtime_error("no failure");
}

TEST(ExchangeTest, GivesMetadataAndRepliesWithTiming) {
  PolicyServer server(SampleMetadata(), Echo, {.port = 0});
  PolicyClient client = PolicyClient::Connect(UrlOf(server));
  EXPECT_EQ(client.metadata(), SampleMetadata());
  const Value first = client.Infer(SampleRequest());
  EXPECT_EQ(*first.Find("echo"), SampleRequest());
  EXPECT_GE(first.Find("server_timing")->Find("infer_ms")->Number(), 0);
  EXPECT_EQ(first.Find("server_timing")->Find("prev_total_ms"), nullptr);
  const Value second = client.Infer(SampleOddities());
  EXPECT_EQ(*second.Find("echo"), SampleOddities());
  EXPECT_GT(second.Find("server_timing")->Find("prev_total_ms")->Number(), 0);
}

TEST(ExchangeTest, CarriesMessagesOfMegabytes) {
  PolicyServer server(Map{}, Echo, {.port = 0});
  PolicyClient client = PolicyClient::Connect(UrlOf(server) + "/any/path?x=1");
  contract::Array picture(contract::DType::kU8, {3, 1080, 1920});
  for (size_t i = 0; i < picture.bytes().size(); ++i) picture.bytes()[i] = static_cast<std::byte>(i * 7 % 251);
  EXPECT_EQ(*client.Infer(Map{{"picture", picture}}).Find("echo")->Find("picture"), Value(picture));
}

TEST(ExchangeTest, WorkersServeClientsSideBySide) {
  std::atomic<int> inside{0}, most{0};
  PolicyServer server(Map{},
                      [&](const Value& observation) {
                        most = std::max(most.load(), ++inside);
                        for (int i = 0; i < 200 && most < 2; ++i) std::this_thread::sleep_for(5ms);
                        --inside;
                        return Echo(observation);
                      },
                      {.port = 0, .workers = 2});
  std::vector<std::jthread> threads;
  for (int c = 0; c < 4; ++c) {
    threads.emplace_back([&, c] {
      PolicyClient client = PolicyClient::Connect(UrlOf(server));
      for (int i = 0; i < 20; ++i)
        EXPECT_EQ(*client.Infer(Map{{"n", 100 * c + i}}).Find("echo")->Find("n"), Value(100 * c + i));
    });
  }
  threads.clear();
  EXPECT_EQ(most, 2);
}

TEST(ExchangeTest, ASharedClientGivesEachCallerItsOwnReply) {
  PolicyServer server(Map{}, Echo, {.port = 0});
  PolicyClient client = PolicyClient::Connect(UrlOf(server));
  std::vector<std::jthread> threads;
  for (int c = 0; c < 4; ++c) {
    threads.emplace_back([&, c] {
      for (int i = 0; i < 20; ++i)
        EXPECT_EQ(*client.Infer(Map{{"n", 100 * c + i}}).Find("echo")->Find("n"), Value(100 * c + i));
    });
  }
}

TEST(ExchangeTest, TheClientsBlameIsToldAndTheServersIsNot) {
  std::vector<std::string> problems;
  const auto handler = [](const Value& observation) -> Value {
    if (observation.Find("blame")) throw Error(ErrorKind::kInput, "is missing", "observation/image", "send it");
    throw std::runtime_error("at /secret/place line 3\nTraceback");
  };
  PolicyServer server(Map{}, handler, {.port = 0, .on_problem = [&](const std::string& p) { problems.push_back(p); }});
  {
    PolicyClient client = PolicyClient::Connect(UrlOf(server));
    const PolicyFailure failure = FailureOf(client, Map{{"blame", 1}});
    EXPECT_EQ(failure.failure(), PolicyFailureKind::kError);
    EXPECT_STREQ(failure.label(), "policy-error");
    EXPECT_THAT(failure.what(), HasSubstr("the policy failed: observation/image: is missing (send it)"));
    EXPECT_EQ(failure.where(), UrlOf(server));
    EXPECT_EQ(FailureOf(client, Map{}).failure(), PolicyFailureKind::kError) << "the connection stays failed";
  }
  PolicyClient client = PolicyClient::Connect(UrlOf(server));
  EXPECT_THAT(FailureOf(client, Map{}).details(), Not(HasSubstr("secret")));
  server.Stop();
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[1], HasSubstr("at /secret/place line 3"));
}

TEST(ExchangeTest, AReplyThatIsNoMapIsTheServersBlame) {
  PolicyServer server(Map{}, [](const Value&) -> Value { return 3; }, {.port = 0});
  PolicyClient client = PolicyClient::Connect(UrlOf(server));
  EXPECT_THAT(FailureOf(client, Map{}).what(), HasSubstr("its server's log says why"));
}

TEST(ExchangeTest, OneTooManyIsRefusedUntilOneGoes) {
  PolicyServer server(Map{}, Echo, {.port = 0, .max_clients = 1});
  auto first = std::make_unique<PolicyClient>(PolicyClient::Connect(UrlOf(server)));
  try {
    PolicyClient::Connect(UrlOf(server));
    FAIL();
  } catch (const PolicyFailure& failure) {
    EXPECT_EQ(failure.failure(), PolicyFailureKind::kUnreachable);
    EXPECT_THAT(failure.what(), HasSubstr("HTTP 503"));
  }
  first.reset();
  while (server.num_clients() > 0) std::this_thread::sleep_for(1ms);
  PolicyClient::Connect(UrlOf(server)).Infer(Map{});
}

TEST(ExchangeTest, StoppingTellsClientsAndWaitsForTheHandler) {
  std::atomic<bool> begun = false, done = false;
  PolicyServer server(Map{},
                      [&](const Value&) {
                        begun = true;
                        std::this_thread::sleep_for(50ms);
                        done = true;
                        return Value(Map{});
                      },
                      {.port = 0});
  PolicyClient idle = PolicyClient::Connect(UrlOf(server)), busy = PolicyClient::Connect(UrlOf(server));
  std::jthread asking([&] { EXPECT_EQ(FailureOf(busy, Map{}).failure(), PolicyFailureKind::kClosed); });
  while (!begun) std::this_thread::sleep_for(1ms);
  server.Stop();
  EXPECT_TRUE(done);
  const PolicyFailure failure = FailureOf(idle, Map{});
  EXPECT_EQ(failure.failure(), PolicyFailureKind::kClosed);
  EXPECT_THAT(failure.what(), HasSubstr("closed the connection (1001)"));
}

TEST(ExchangeTest, AnswersPingsWhileIdleAndWhileThinking) {
  PolicyServer server(Map{},
                      [](const Value& observation) {
                        std::this_thread::sleep_for(500ms);
                        return Echo(observation);
                      },
                      {.port = 0, .idle_timeout_s = .2});
  PolicyClient client = PolicyClient::Connect(UrlOf(server));
  std::this_thread::sleep_for(500ms);  // one that does not answer is given up after 0.2 s
  EXPECT_EQ(*client.Infer(Map{{"n", 1}}).Find("echo")->Find("n"), Value(1));
}

TEST(ExchangeTest, AnAddressThatIsTakenIsSaid) {
  PolicyServer server(Map{}, Echo, {.port = 0});
  try {
    PolicyServer second(Map{}, Echo, {.port = server.port()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSystem);
    EXPECT_THAT(error.what(), HasSubstr("can't listen"));
  }
}

}  // namespace
}  // namespace heddle::wire
