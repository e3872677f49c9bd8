#include "heddle/wire/test/raw_socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "heddle/core/check.h"

namespace heddle::wire {
namespace {

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// RFC 6455, 4.2.2: base64 of the SHA-1 of the key and a constant.
std::string AcceptKey(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  HEDDLE_DEMAND(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1);
  std::array<unsigned char, 32> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<size_t>(size)};
}

}  // namespace

std::string FrameHead(uint8_t opcode, uint64_t size, const FrameOptions& options) {
  std::string head(1, static_cast<char>((options.is_last ? 0x80 : 0) | opcode));
  const int mask_bit = options.is_masked ? 0x80 : 0;
  const int num_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  head += static_cast<char>(mask_bit | (num_bytes == 0 ? static_cast<int>(size) : num_bytes == 2 ? 126 : 127));
  for (int i = num_bytes - 1; i >= 0; --i) head += static_cast<char>(size >> (8 * i));
  if (options.is_masked) head += std::string(4, '\0');
  return head;
}

std::string Frame(uint8_t opcode, std::string_view payload, const FrameOptions& options) {
  return FrameHead(opcode, payload.size(), options).append(payload);
}

std::string Frame(uint8_t opcode, const Bytes& payload, const FrameOptions& options) {
  return Frame(opcode, std::string_view(reinterpret_cast<const char*>(payload.data()), payload.size()), options);
}

RawSocket RawSocket::ConnectTo(uint16_t port) {
  RawSocket raw(socket(AF_INET, SOCK_STREAM, 0));
  const sockaddr_in address = Loopback(port);
  HEDDLE_DEMAND(connect(raw.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  return raw;
}

void RawSocket::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

std::string RawSocket::Receive(size_t size) {
  std::string bytes(size, '\0');
  size_t have = 0;
  while (have < size) {
    const ssize_t got = recv(fd_, bytes.data() + have, size - have, 0);
    if (got <= 0) break;
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

std::string RawSocket::ReceiveUntil(std::string_view end) {
  std::string bytes;
  while (!bytes.ends_with(end)) {
    const std::string next = Receive(1);
    if (next.empty()) break;
    bytes += next;
  }
  return bytes;
}

std::string RawSocket::ReceiveFrame(uint8_t* opcode) {
  const std::string head = Receive(2);
  if (head.size() < 2) return "";
  if (opcode) *opcode = static_cast<uint8_t>(head[0]) & 15;
  const bool is_masked = static_cast<uint8_t>(head[1]) & 0x80;
  uint64_t size = static_cast<uint8_t>(head[1]) & 0x7f;
  if (size >= 126) {
    const std::string more = Receive(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : more) size = (size << 8) | static_cast<uint8_t>(c);
  }
  const std::string mask = is_masked ? Receive(4) : std::string(4, '\0');
  std::string payload = Receive(size);
  for (size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  return payload;
}

std::string RawSocket::ReceiveAll() {
  std::string all;
  for (std::string next = Receive(1); !next.empty(); next = Receive(1)) all += next;
  return all;
}

bool RawSocket::IsEndedWithin(double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    if (left < 0 || poll(&ready, 1, static_cast<int>(left)) != 1) return false;
    if (recv(fd_, buffer.data(), buffer.size(), 0) <= 0) return true;
  }
}

void RawSocket::EndSending() { shutdown(fd_, SHUT_WR); }

void RawSocket::Reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  Close();
}

void RawSocket::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void RawSocket::Upgrade() {
  Send(
      "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  ReceiveUntil("\r\n\r\n");
}

void RawSocket::AcceptUpgrade() {
  request_ = ReceiveUntil("\r\n\r\n");
  constexpr std::string_view kHeader = "Sec-WebSocket-Key: ";
  const size_t at = request_.find(kHeader) + kHeader.size();
  const std::string key = request_.substr(at, request_.find("\r\n", at) - at);
  Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
       AcceptKey(key) + "\r\n\r\n");
}

RawServer::RawServer(std::function<void(RawSocket&)> act) : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  HEDDLE_DEMAND(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  HEDDLE_DEMAND(listen(listener_, 8) == 0);
  HEDDLE_DEMAND(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, act = std::move(act)] {
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    RawSocket client(fd);
    act(client);
  });
}

RawServer::~RawServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

// The example of RFC 6455, 1.3.
TEST(RawSocketTest, AnswersTheKeyAsTheStandardSays) {
  EXPECT_EQ(AcceptKey("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace heddle::wire
