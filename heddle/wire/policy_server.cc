#include "heddle/wire/policy_server.h"

#include <thread>
#include <utility>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/wire/server_connection.h"

namespace heddle::wire {
namespace {

constexpr auto kAcceptPause = std::chrono::milliseconds(50);

void Validate(const PolicyServerOptions& options) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) ThrowUsage(what, "policy server");
  };
  require(options.workers >= 1 && options.workers <= 64, "the workers are not from 1 to 64");
  require(options.max_clients >= 1 && options.max_clients <= 10000, "the clients are not from 1 to 10000");
  require(options.max_message_bytes >= 1, "no message has 0 bytes");
  for (const double timeout_s : {options.handshake_timeout_s, options.message_timeout_s, options.idle_timeout_s}) {
    require(timeout_s > 0 && timeout_s <= 86400, "a timeout is not above 0 s and at most a day");
  }
}

// Connections that have not shaken hands yet come on top of the clients.
size_t MaxConnections(const PolicyServerOptions& options) { return 2 * static_cast<size_t>(options.max_clients) + 16; }

tcp::acceptor Listen(asio::io_context& io, const PolicyServerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) ThrowUsage("'" + options.address + "' is no address", "policy server", "give one like 127.0.0.1 or ::1");
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) ThrowSystem("can't listen", options.address + ":" + std::to_string(options.port), error.value());
  return acceptor;
}

}  // namespace

class PolicyServer::State {
 public:
  State(const Value& metadata, PolicyHandler handler, const PolicyServerOptions& options)
      : context_{
            options, std::move(handler), Pack(metadata), asio::thread_pool(static_cast<size_t>(options.workers)), {}},
        acceptor_(Listen(io_, options)),
        pause_(io_),
        port_(acceptor_.local_endpoint().port()) {
    Accept();
    thread_ = std::thread([this] { Run(); });
  }

  ~State() { Stop(); }

  uint16_t port() const { return port_; }
  int num_clients() const { return context_.num_clients; }

  void Stop() {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { CloseAll(); });
    context_.workers.stop();
    context_.workers.join();
    thread_.join();
  }

 private:
  void Run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& problem) {
        // No memory for somebody's message. Whose it was is not known, its deadline ends it.
        if (context_.options.on_problem) context_.options.on_problem(problem.what());
      }
    }
  }

  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return AcceptLater();
      if (context_.connections.size() < MaxConnections(context_.options)) {
        auto connection = std::make_shared<ServerConnection>(std::move(socket), context_);
        context_.connections.insert(connection);
        connection->Start();
      }
      Accept();
    });
  }

  // No file handle is left, most likely: asking again at once would ask all the time.
  void AcceptLater() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code error) {
      if (!error && acceptor_.is_open()) Accept();
    });
  }

  void CloseAll() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    const std::vector connections(context_.connections.begin(), context_.connections.end());
    for (const auto& connection : connections) connection->GoAway();
  }

  asio::io_context io_{1};
  ServerContext context_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  uint16_t port_;
  std::thread thread_;
};

PolicyServer::PolicyServer(const Value& metadata, PolicyHandler handler, const PolicyServerOptions& options) {
  Validate(options);
  if (!metadata.Get<Map>()) ThrowUsage("the metadata are no map", "policy server");
  state_ = std::make_unique<State>(metadata, std::move(handler), options);
}

PolicyServer::~PolicyServer() = default;

uint16_t PolicyServer::port() const { return state_->port(); }
int PolicyServer::num_clients() const { return state_->num_clients(); }
void PolicyServer::Stop() { state_->Stop(); }

}  // namespace heddle::wire
