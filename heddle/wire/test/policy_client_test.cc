// The client against servers that misbehave.
#include "heddle/wire/policy_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "heddle/wire/pack.h"
#include "heddle/wire/test/raw_socket.h"
#include "heddle/wire/test/samples.h"

namespace heddle::wire {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Kind = PolicyFailureKind;

constexpr double kTimeout_s = .15;

struct Seen {
  Kind kind;
  std::string text, details;
};

// What a client comes to see that connects and asks once.
Seen SeenBy(const std::string& url, const PolicyClientOptions& options = {.timeout_s = kTimeout_s}) {
  const auto start = std::chrono::steady_clock::now();
  try {
    PolicyClient::Connect(url, options).Infer(Map{{"n", 1}});
  } catch (const PolicyFailure& failure) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 3 * kTimeout_s + .5);
    return {failure.failure(), failure.what(), failure.details()};
  }
  ADD_FAILURE() << "no failure";
  return {};
}
Seen SeenWhen(std::function<void(RawSocket&)> act) {
  const RawServer server(std::move(act));
  return SeenBy(server.url());
}
// Of a server that is well until it is asked.
Seen SeenWhenAsked(std::function<void(RawSocket&)> act) {
  return SeenWhen([act](RawSocket& client) {
    client.AcceptUpgrade();
    client.Send(Frame(kBinary, Pack(Map{})));
    client.ReceiveFrame();
    act(client);
  });
}

void WaitForEnd(RawSocket& client) { client.IsEndedWithin(5); }

TEST(PolicyClientTest, NobodyThere) {
  std::optional<RawServer> server(std::in_place, [](RawSocket&) {});
  const std::string url = server->url();
  server.reset();
  EXPECT_EQ(SeenBy(url).kind, Kind::kUnreachable);
  const Seen seen = SeenBy("ws://no-such-host.invalid:1", {.timeout_s = 5});
  EXPECT_EQ(seen.kind, Kind::kUnreachable);
  EXPECT_THAT(seen.text, HasSubstr("ws://no-such-host.invalid:1: the host is not known"));
}

TEST(PolicyClientTest, SilenceAtEachStepIsATimeout) {
  const Seen handshake = SeenWhen(WaitForEnd);
  EXPECT_EQ(handshake.kind, Kind::kTimeout);
  EXPECT_THAT(handshake.text, HasSubstr("the connection was not made within 0.15 s"));
  const Seen metadata = SeenWhen([](RawSocket& client) {
    client.AcceptUpgrade();
    WaitForEnd(client);
  });
  EXPECT_EQ(metadata.kind, Kind::kTimeout);
  EXPECT_THAT(metadata.text, HasSubstr("no metadata came within 0.15 s"));
  const Seen reply = SeenWhenAsked(WaitForEnd);
  EXPECT_EQ(reply.kind, Kind::kTimeout);
  EXPECT_THAT(reply.text, HasSubstr("no reply came within 0.15 s"));
}

TEST(PolicyClientTest, AnswersThatDripAreATimeout) {
  const Seen seen = SeenWhenAsked([](RawSocket& client) {
    client.Send(FrameHead(kBinary, 1000));
    for (int i = 0; i < 1000 && !client.IsEndedWithin(.01); ++i) client.Send("x");
  });
  EXPECT_EQ(seen.kind, Kind::kTimeout);
}

TEST(PolicyClientTest, ALateReplyIsNotTakenForTheNextOne) {
  const RawServer server([](RawSocket& client) {
    client.AcceptUpgrade();
    client.Send(Frame(kBinary, Pack(Map{})));
    client.ReceiveFrame();
    client.IsEndedWithin(2 * kTimeout_s);
    client.Send(Frame(kBinary, Pack(Map{{"late", true}})));
  });
  PolicyClient client = PolicyClient::Connect(server.url(), {.timeout_s = kTimeout_s});
  for (int i = 0; i < 2; ++i) {
    try {
      client.Infer(Map{});
      FAIL();
    } catch (const PolicyFailure& failure) {
      EXPECT_EQ(failure.failure(), Kind::kTimeout);
    }
  }
}

TEST(PolicyClientTest, ATextFrameIsTheServersError) {
  const std::string traceback =
      "Traceback (most recent call last):\n  File \"policy.py\", line 3\nValueError: no image\n";
  const Seen seen = SeenWhenAsked([&](RawSocket& client) {
    client.Send(Frame(kText, traceback));
    client.Send(Frame(kCloseFrame,
                      "\x03\xf3"
                      "Internal server error."));
    WaitForEnd(client);
  });
  EXPECT_EQ(seen.kind, Kind::kError);
  EXPECT_THAT(seen.text, HasSubstr("the policy failed: ValueError: no image"));
  EXPECT_EQ(seen.details, traceback);
}

TEST(PolicyClientTest, CloseFramesTellCodeAndReason) {
  const Seen error = SeenWhenAsked([](RawSocket& client) {
    client.Send(Frame(kCloseFrame,
                      "\x03\xf3"
                      "out of memory"));
    WaitForEnd(client);
  });
  EXPECT_EQ(error.kind, Kind::kError);
  EXPECT_THAT(error.text, HasSubstr("closed the connection (1011: out of memory)"));
  const Seen going = SeenWhenAsked([](RawSocket& client) {
    client.Send(Frame(kCloseFrame, "\x03\xe9"));
    WaitForEnd(client);
  });
  EXPECT_EQ(going.kind, Kind::kClosed);
  EXPECT_THAT(going.text, HasSubstr("closed the connection (1001)"));
}

TEST(PolicyClientTest, ConnectionsThatBreakAreClosed) {
  EXPECT_EQ(SeenWhen([](RawSocket& client) { client.Close(); }).kind, Kind::kClosed);
  EXPECT_EQ(SeenWhen([](RawSocket& client) { client.ReceiveUntil("\r\n\r\n"); }).kind, Kind::kClosed);
  EXPECT_EQ(SeenWhen([](RawSocket& client) {
              client.ReceiveUntil("\r\n\r\n");
              client.Send("HTTP/1.1 101 Switch");
            }).kind,
            Kind::kClosed);
  EXPECT_EQ(SeenWhen([](RawSocket& client) { client.AcceptUpgrade(); }).kind, Kind::kClosed);
  EXPECT_EQ(SeenWhenAsked([](RawSocket&) {}).kind, Kind::kClosed);
  EXPECT_EQ(SeenWhenAsked([](RawSocket& client) { client.Reset(); }).kind, Kind::kClosed);
  EXPECT_EQ(SeenWhenAsked([](RawSocket& client) { client.Send(FrameHead(kBinary, 100) + "half"); }).kind,
            Kind::kClosed);
  EXPECT_EQ(SeenWhenAsked([](RawSocket& client) {
              client.Send(FrameHead(kBinary, 100) + "half");
              client.Reset();
            }).kind,
            Kind::kClosed);
}

TEST(PolicyClientTest, RefusalsTellTheirStatus) {
  const auto answer = [](const char* status) {
    return SeenWhen([status](RawSocket& client) {
      client.ReceiveUntil("\r\n\r\n");
      client.Send(std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\n\r\n");
    });
  };
  EXPECT_THAT(answer("401 Unauthorized").text, AllOf(HasSubstr("HTTP 401"), HasSubstr("give the key")));
  EXPECT_THAT(answer("404 Not Found").text, HasSubstr("refused the connection: HTTP 404"));
  EXPECT_EQ(answer("200 OK").kind, Kind::kUnreachable);
}

TEST(PolicyClientTest, WhatIsNotWebsocketIsMalformed) {
  EXPECT_EQ(SeenWhen([](RawSocket& client) {
              client.Send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
              WaitForEnd(client);
            }).kind,
            Kind::kMalformed);
  EXPECT_EQ(SeenWhen([](RawSocket& client) {
              client.Send("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'));
              WaitForEnd(client);
            }).kind,
            Kind::kMalformed);
  EXPECT_EQ(SeenWhenAsked([](RawSocket& client) {
              client.Send("\x87\x01x");  // an opcode that there is not
              WaitForEnd(client);
            }).kind,
            Kind::kMalformed);
}

TEST(PolicyClientTest, RepliesThatCannotBeReadAreMalformed) {
  const auto reply = [](const Bytes& bytes) {
    return SeenWhenAsked([bytes](RawSocket& client) {
      client.Send(Frame(kBinary, bytes));
      WaitForEnd(client);
    });
  };
  EXPECT_EQ(reply(ToBytes("\xc1")).kind, Kind::kMalformed);
  EXPECT_THAT(reply(ToBytes("")).text, HasSubstr("its reply can't be read: message: it ends early"));
  EXPECT_THAT(reply(Pack(3)).text, HasSubstr("it is an integer where a map belongs"));
  const Value lie = Map{
      {{"__ndarray__", true}, true}, {{"data", true}, Bytes(3)}, {{"dtype", true}, "<f4"}, {{"shape", true}, List{7}}};
  EXPECT_THAT(reply(Pack(Map{{"actions", lie}})).text, HasSubstr("actions: it holds 3 bytes where float32 [7]"));
}

TEST(PolicyClientTest, MessagesThatAreTooLargeAreMalformed) {
  const RawServer server([](RawSocket& client) {
    client.AcceptUpgrade();
    client.Send(Frame(kBinary, Pack(Map{})));
    client.ReceiveFrame();
    client.Send(FrameHead(kBinary, uint64_t{1} << 40));
    WaitForEnd(client);
  });
  const Seen seen = SeenBy(server.url(), {.timeout_s = 1, .max_message_bytes = 1000});
  EXPECT_EQ(seen.kind, Kind::kMalformed);
  EXPECT_THAT(seen.text, HasSubstr("sent a message of more than 1000 bytes"));
}

TEST(PolicyClientTest, AMessageThatNobodyAskedForIsMalformed) {
  const RawServer server([](RawSocket& client) {
    client.AcceptUpgrade();
    client.Send(Frame(kBinary, Pack(Map{})));
    client.Send(Frame(kBinary, Pack(Map{})));
    WaitForEnd(client);
  });
  PolicyClient client = PolicyClient::Connect(server.url(), {.timeout_s = 1});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  try {
    client.Infer(Map{});
    FAIL();
  } catch (const PolicyFailure& failure) {
    EXPECT_EQ(failure.failure(), Kind::kMalformed);
    EXPECT_THAT(failure.what(), HasSubstr("nobody asked for"));
  }
}

TEST(PolicyClientTest, TakesFragmentsAndAnswersPingsBetweenThem) {
  std::string pong;
  std::string request;
  uint8_t opcode = 0;
  {
    const RawServer server([&](RawSocket& client) {
      client.AcceptUpgrade();
      request = client.upgrade_request();
      client.Send(Frame(kBinary, Pack(SampleMetadata())));
      client.ReceiveFrame();
      const Bytes reply = Pack(SampleResponse());
      const std::string_view bytes(reinterpret_cast<const char*>(reply.data()), reply.size());
      client.Send(Frame(kBinary, bytes.substr(0, 100), {.is_last = false}));
      client.Send(Frame(kPing, "are you there"));
      pong = client.ReceiveFrame(&opcode);
      client.Send(Frame(kContinuation, "", {.is_last = false}));
      client.Send(Frame(kContinuation, bytes.substr(100)));
      WaitForEnd(client);
    });
    PolicyClient client = PolicyClient::Connect(server.url() + "/infer?x=1", {.timeout_s = 5, .api_key = "k3y"});
    EXPECT_EQ(client.metadata(), SampleMetadata());
    EXPECT_EQ(client.Infer(SampleRequest()), SampleResponse());
  }
  EXPECT_EQ(opcode, kPong);
  EXPECT_EQ(pong, "are you there");
  EXPECT_THAT(request, HasSubstr("GET /infer?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Authorization: Api-Key k3y\r\n"));
  EXPECT_THAT(request, testing::Not(HasSubstr("Sec-WebSocket-Extensions")));
}

TEST(PolicyClientTest, SaysGoodbye) {
  std::string farewell;
  {
    const RawServer server([&](RawSocket& client) {
      client.AcceptUpgrade();
      client.Send(Frame(kBinary, Pack(Map{})));
      farewell = client.ReceiveFrame();
    });
    PolicyClient::Connect(server.url());
  }
  EXPECT_EQ(farewell, "\x03\xe8");
}

TEST(PolicyClientTest, OptionsThatCannotBeAreUsageErrors) {
  const auto kind = [](const std::string& url, const PolicyClientOptions& options) {
    try {
      PolicyClient::Connect(url, options);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kBug;
  };
  EXPECT_EQ(kind("http://localhost", {}), ErrorKind::kUsage);
  EXPECT_EQ(kind("ws://localhost:1", {.timeout_s = 0}), ErrorKind::kUsage);
  EXPECT_EQ(kind("ws://localhost:1", {.timeout_s = std::numeric_limits<double>::quiet_NaN()}), ErrorKind::kUsage);
  EXPECT_EQ(kind("ws://localhost:1", {.api_key = "a\r\nX: y"}), ErrorKind::kUsage);
}

}  // namespace
}  // namespace heddle::wire
