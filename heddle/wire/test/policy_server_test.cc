// The server against clients that misbehave: each is got rid of, and another client notices nothing.
#include "heddle/wire/policy_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "heddle/core/error.h"
#include "heddle/wire/pack.h"
#include "heddle/wire/policy_client.h"
#include "heddle/wire/test/raw_socket.h"
#include "heddle/wire/test/samples.h"

namespace heddle::wire {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr FrameOptions kMasked = {.is_masked = true};

Value Echo(const Value& observation) { return Map{{"echo", observation}}; }

// A server with short limits, and a good client that must be served before, during and after.
class HostileClientTest : public testing::Test {
 protected:
  RawSocket Shaken() {
    RawSocket client = RawSocket::ConnectTo(server_.port());
    client.Upgrade();
    EXPECT_EQ(client.ReceiveFrame(), "\x80");  // the metadata, an empty map
    return client;
  }
  // The line of text and the code of the close frame that a message is answered with.
  std::pair<std::string, int> RefusalOf(const std::string& frame) {
    RawSocket client = Shaken();
    client.Send(frame);
    uint8_t opcode = 0;
    const std::string line = client.ReceiveFrame(&opcode);
    EXPECT_EQ(opcode, kText);
    return {line, CloseCodeTo(client)};
  }
  // Of the frame that comes next, if the connection ends with it.
  static int CloseCodeTo(RawSocket& client) {
    uint8_t opcode = 0;
    const std::string close = client.ReceiveFrame(&opcode);
    EXPECT_EQ(opcode, kCloseFrame);
    EXPECT_TRUE(client.IsEndedWithin(1));
    return close.size() < 2 ? 0 : static_cast<uint8_t>(close[0]) * 256 + static_cast<uint8_t>(close[1]);
  }
  void ExpectGoodServed() { EXPECT_EQ(*good_.Infer(Map{{"n", 1}}).Find("echo")->Find("n"), Value(1)); }
  void TearDown() override {
    ExpectGoodServed();
    for (int i = 0; i < 1000 && server_.num_clients() > 1; ++i) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(server_.num_clients(), 1) << "somebody's place was not given back";
  }

  PolicyServer server_{Map{},
                       Echo,
                       {.port = 0,
                        .max_clients = 4,
                        .max_message_bytes = 100'000,
                        .handshake_timeout_s = .1,
                        .message_timeout_s = .1,
                        .idle_timeout_s = .3}};
  PolicyClient good_ = PolicyClient::Connect("ws://127.0.0.1:" + std::to_string(server_.port()));
};

TEST_F(HostileClientTest, HttpIsAnswered) {
  const auto ask = [&](const std::string& request) {
    RawSocket client = RawSocket::ConnectTo(server_.port());
    client.Send(request);
    return client.ReceiveAll();
  };
  const std::string health = ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(health, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(health.ends_with("\r\n\r\nOK\n"));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 426 "));
  EXPECT_THAT(ask("\x16\x03\x01 hello of TLS\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nX: " + std::string(9000, 'x')), StartsWith("HTTP/1.1 400 "));
}

TEST(PolicyServer, PagesOfOtherSitesMayNotAsk) {
  PolicyServer server(Map{}, Echo, {.port = 0, .allowed_origins = {"http://localhost:3000"}});
  const auto ask = [&](const std::string& headers) {
    RawSocket client = RawSocket::ConnectTo(server.port());
    client.Send(
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        headers + "\r\n");
    return client.ReceiveUntil("\r\n");
  };
  EXPECT_THAT(ask(""), StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(ask("Origin: http://localhost:3000\r\n"), StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(ask("Origin: http://evil.example\r\n"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(ask("Origin: null\r\n"), StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(ask("Origin: http://localhost:3000\r\nOrigin: http://evil.example\r\n"), StartsWith("HTTP/1.1 403 "));
}

TEST_F(HostileClientTest, SlowHandshakesEnd) {
  RawSocket silent = RawSocket::ConnectTo(server_.port()), dripping = RawSocket::ConnectTo(server_.port());
  dripping.Send("GET / HTTP/1.1\r\n");
  ExpectGoodServed();
  EXPECT_TRUE(silent.IsEndedWithin(.5));
  EXPECT_TRUE(dripping.IsEndedWithin(.5));
}

TEST_F(HostileClientTest, ManyHalfMadeConnectionsDoNotKeepOthersOut) {
  std::vector<RawSocket> crowd;
  for (int i = 0; i < 100; ++i) crowd.push_back(RawSocket::ConnectTo(server_.port()));
  ExpectGoodServed();
  for (RawSocket& one : crowd) EXPECT_TRUE(one.IsEndedWithin(1));
  PolicyClient::Connect("ws://127.0.0.1:" + std::to_string(server_.port())).Infer(Map{});
}

TEST_F(HostileClientTest, RequestsThatCannotBeReadAreToldWhere) {
  EXPECT_EQ(RefusalOf(Frame(kBinary, "\xc1", kMasked)),
            std::pair("message: it holds a byte that msgpack does not have" + std::string(), 1007));
  EXPECT_EQ(RefusalOf(Frame(kBinary, "", kMasked)), std::pair("message: it ends early" + std::string(), 1007));
  EXPECT_EQ(RefusalOf(Frame(kBinary, Pack(3), kMasked)),
            std::pair("message: it is an integer, not a map" + std::string(), 1007));
  const Value lie = Map{
      {{"__ndarray__", true}, true}, {{"data", true}, Bytes(3)}, {{"dtype", true}, "|O"}, {{"shape", true}, List{7}}};
  EXPECT_THAT(RefusalOf(Frame(kBinary, Pack(Map{{"observation/image", lie}}), kMasked)).first,
              HasSubstr("observation/image: its dtype '|O' is not of plain numbers"));
  const std::string deep(50'000, '\x91');
  EXPECT_THAT(RefusalOf(Frame(kBinary, deep, kMasked)).first, HasSubstr("nested more than 16 deep"));
  EXPECT_EQ(RefusalOf(Frame(kText, "hello", kMasked)), std::pair("send binary messages" + std::string(), 1003));
}

TEST_F(HostileClientTest, HugeMessagesEndBeforeTheyAreTaken) {
  RawSocket client = Shaken(), piecewise = Shaken();
  client.Send(FrameHead(kBinary, uint64_t{1} << 62, kMasked));
  EXPECT_EQ(CloseCodeTo(client), 1009);
  for (int i = 0; i < 3; ++i) {
    piecewise.Send(Frame(i == 0 ? kBinary : kContinuation, std::string(50'000, 'x'), {false, true}));
  }
  EXPECT_EQ(CloseCodeTo(piecewise), 1009);
}

TEST_F(HostileClientTest, BrokenFramesEnd) {
  RawSocket unmasked = Shaken(), unknown = Shaken();
  unmasked.Send(Frame(kBinary, Pack(Map{})));
  unknown.Send(Frame(7, "x", kMasked));
  EXPECT_EQ(CloseCodeTo(unmasked), 1002);
  EXPECT_EQ(CloseCodeTo(unknown), 1002);
}

TEST_F(HostileClientTest, RequestsThatDripEnd) {
  RawSocket client = Shaken();
  client.Send(FrameHead(kBinary, 1000, kMasked));
  bool is_ended = false;
  for (int i = 0; i < 50 && !is_ended; ++i) {
    client.Send("x");
    is_ended = client.IsEndedWithin(.01);
  }
  EXPECT_TRUE(is_ended);
}

TEST_F(HostileClientTest, ClientsThatAreSilentEnd) {
  RawSocket client = Shaken();
  EXPECT_TRUE(client.IsEndedWithin(1));  // and it answered no ping
}

TEST_F(HostileClientTest, ClientsThatVanishAreForgotten) {
  Shaken().Close();
  Shaken().Reset();
  RawSocket half = Shaken();
  half.Send(FrameHead(kBinary, 100, kMasked) + "half");
  half.EndSending();
  EXPECT_TRUE(half.IsEndedWithin(.5));
  RawSocket asking = Shaken();
  asking.Send(Frame(kBinary, Pack(Map{}), kMasked));
  asking.Reset();
}

TEST_F(HostileClientTest, RequestsInAdvanceAreAnsweredInOrder) {
  RawSocket client = Shaken();
  std::string requests;
  for (int i = 0; i < 5; ++i) requests += Frame(kBinary, Pack(Map{{"n", i}}), kMasked);
  client.Send(requests);
  for (int i = 0; i < 5; ++i) {
    const Value reply = Unpack(ToBytes(client.ReceiveFrame()));
    EXPECT_EQ(*reply.Find("echo")->Find("n"), Value(i));
  }
}

TEST_F(HostileClientTest, CloseFramesAreAnswered) {
  RawSocket client = Shaken();
  client.Send(Frame(kCloseFrame, "\x03\xe8", kMasked));
  uint8_t opcode = 0;
  EXPECT_EQ(client.ReceiveFrame(&opcode), "\x03\xe8");
  EXPECT_EQ(opcode, kCloseFrame);
  EXPECT_TRUE(client.IsEndedWithin(.5));
}

TEST(PolicyServerTest, AnswersPingsWhileItThinks) {
  std::atomic<bool> go = false;
  PolicyServer server(Map{},
                      [&](const Value&) {
                        while (!go) std::this_thread::sleep_for(1ms);
                        return Value(Map{});
                      },
                      {.port = 0});
  RawSocket client = RawSocket::ConnectTo(server.port());
  client.Upgrade();
  client.ReceiveFrame();
  client.Send(Frame(kBinary, Pack(Map{}), kMasked));
  client.Send(Frame(kPing, "there?", kMasked));
  uint8_t opcode = 0;
  EXPECT_EQ(client.ReceiveFrame(&opcode), "there?");
  EXPECT_EQ(opcode, kPong);
  go = true;
  client.ReceiveFrame(&opcode);
  EXPECT_EQ(opcode, kBinary);
}

TEST(PolicyServerTest, DoesNotThinkForClientsThatHaveGone) {
  std::atomic<int> calls = 0;
  std::atomic<bool> go = false;
  PolicyServer server(Map{},
                      [&](const Value&) {
                        ++calls;
                        while (!go) std::this_thread::sleep_for(1ms);
                        return Value(Map{});
                      },
                      {.port = 0});
  const std::string url = "ws://127.0.0.1:" + std::to_string(server.port());
  PolicyClient first = PolicyClient::Connect(url);
  std::jthread asking([&] { first.Infer(Map{}); });
  while (calls < 1) std::this_thread::sleep_for(1ms);
  EXPECT_THROW(PolicyClient::Connect(url, {.timeout_s = .05}).Infer(Map{}), PolicyFailure);
  while (server.num_clients() > 1) std::this_thread::sleep_for(1ms);
  go = true;
  asking.join();
  PolicyClient::Connect(url).Infer(Map{});
  EXPECT_EQ(calls, 2);
}

// Of one that sends on and so is not idle.
TEST(PolicyServerTest, DropsClientsThatDoNotTakeTheirReplies) {
  PolicyServer server(Map{},
                      [](const Value&) { return Value(Map{{"x", Bytes(50'000'000)}}); },  // more than sockets hold
                      {.port = 0, .message_timeout_s = .1, .idle_timeout_s = 30});
  RawSocket client = RawSocket::ConnectTo(server.port());
  client.Upgrade();
  client.ReceiveFrame();
  client.Send(Frame(kBinary, Pack(Map{}), kMasked));
  // Making and packing so much takes seconds under a sanitizer; the client is dropped a tenth of one later.
  for (int i = 0; i < 30'000 && server.num_clients() > 0; ++i) {
    client.Send(Frame(kPong, "", kMasked));
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(server.num_clients(), 0);
}

TEST(PolicyServerTest, OptionsThatCannotBeAreUsageErrors) {
  const auto is_usage = [](const PolicyServerOptions& options) {
    try {
      PolicyServer server(Map{}, Echo, options);
    } catch (const Error& error) {
      return error.kind() == ErrorKind::kUsage;
    }
    return false;
  };
  EXPECT_TRUE(is_usage({.address = "localhost", .port = 0}));
  EXPECT_TRUE(is_usage({.port = 0, .workers = 0}));
  EXPECT_TRUE(is_usage({.port = 0, .max_clients = 0}));
  EXPECT_TRUE(is_usage({.port = 0, .max_message_bytes = 0}));
  EXPECT_TRUE(is_usage({.port = 0, .idle_timeout_s = -1}));
  EXPECT_FALSE(is_usage({.port = 0}));
}

}  // namespace
}  // namespace heddle::wire
