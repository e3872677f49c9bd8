// Peers that misbehave: plain TCP and websocket frames made by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "heddle/wire/value.h"

namespace heddle::wire {

// Opcodes of RFC 6455.
enum : uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kCloseFrame = 8, kPing = 9, kPong = 10 };

struct FrameOptions {
  bool is_last = true;
  bool is_masked = false;  // what a client must do; the mask is 0
};
std::string Frame(uint8_t opcode, std::string_view payload, const FrameOptions& options = {});
std::string Frame(uint8_t opcode, const Bytes& payload, const FrameOptions& options = {});
// Only the head of a frame that says it has so many bytes.
std::string FrameHead(uint8_t opcode, uint64_t size, const FrameOptions& options = {});

class RawSocket {
 public:
  static RawSocket ConnectTo(uint16_t port);
  explicit RawSocket(int fd) : fd_(fd) {}
  ~RawSocket() { Close(); }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  void Send(std::string_view bytes);                    // what can't be sent any more is dropped
  std::string Receive(size_t size);                     // fewer if the stream ends
  std::string ReceiveUntil(std::string_view end);       // with it
  std::string ReceiveFrame(uint8_t* opcode = nullptr);  // its payload, unmasked
  std::string ReceiveAll();                             // until the peer ends the stream
  bool IsEndedWithin(double seconds);                   // by the peer, whatever it still sent
  void EndSending();
  void Reset();  // closes with RST
  void Close();

  // As a client: asks for the upgrade and swallows the answer. As a server: answers one.
  void Upgrade();
  void AcceptUpgrade();
  std::string upgrade_request() const { return request_; }

 private:
  int fd_;
  std::string request_;
};

// Accepts one client on a port of its own and does with it what the test says, on a thread.
class RawServer {
 public:
  explicit RawServer(std::function<void(RawSocket&)> act);
  ~RawServer();

  uint16_t port() const { return port_; }
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(port_); }

 private:
  int listener_;
  uint16_t port_;
  std::thread thread_;
};

}  // namespace heddle::wire
