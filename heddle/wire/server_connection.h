// One client of a server, from its first byte to its last.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <unordered_set>

#include "heddle/wire/beast.h"
#include "heddle/wire/server_answer.h"

namespace heddle::wire {

class ServerConnection;

// What the connections of a server share. Outlives them; all but `workers` belongs to the thread that talks.
struct ServerContext {
  PolicyServerOptions options;
  PolicyHandler handler;
  Bytes metadata;  // packed
  asio::thread_pool workers;
  std::unordered_set<std::shared_ptr<ServerConnection>> connections;
  std::atomic<int> num_clients{0};  // of the connections, those that have shaken hands
};

// Reads on while the handler works, so that pings are answered and a client that has gone is noticed; a request that
// comes meanwhile is held, and nothing more is read until its turn. Every path ends in Drop, which is all that a
// connection does to end. Only the thread that talks calls it.
class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  ServerConnection(tcp::socket socket, ServerContext& context);

  void Start();   // once; it is in context.connections by then
  void GoAway();  // says so to the client and drops it
  void Drop();

 private:
  void OnHttpRequest(error_code error);
  void Respond(http::status status, std::string body);
  void Upgrade();
  void OnUpgraded();
  void Read();
  void OnRead(error_code error);
  void OnRequest(bool is_text, Bytes request);
  void Think(Bytes request);
  void OnAnswer(Answer answer);
  void OnReplied();
  void Refuse(websocket::close_code code, Bytes line);
  void Close(websocket::close_code code);
  template <class Then>
  void Write(Bytes message, Then then);

  void Arm(asio::steady_timer& timer, double seconds);
  static void Disarm(asio::steady_timer& timer);
  void Tell(const std::string& problem) const;

  ServerContext& context_;
  websocket::stream<beast::tcp_stream> stream_;
  std::string peer_;
  http::request_parser<http::empty_body> http_request_;
  http::response<http::string_body> http_response_;
  beast::flat_buffer buffer_;
  Bytes outgoing_;
  asio::steady_timer read_deadline_, write_deadline_;

  bool is_upgraded_ = false, is_mid_request_ = false, is_thinking_ = false, is_closing_ = false;
  std::atomic<bool> is_dropped_{false};  // workers look at it before they begin
  std::optional<Bytes> held_;
  Clock::time_point round_start_;
  std::optional<double> prev_total_s_;
};

}  // namespace heddle::wire
