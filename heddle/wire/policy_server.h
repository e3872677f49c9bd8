// The server's half of the openpi protocol: gives a policy to any client that speaks it (openpi-client, PolicyClient).
//
//   PolicyServer server(Map{{"model", "demo"}}, [&](const Value& observation) { return Act(observation); },
//                       {.port = 0});
//   std::cout << "ws://127.0.0.1:" << server.port() << "\n";
//
// A client is sent the metadata, and then one reply for each observation: what the handler returned, with
// `server_timing` {infer_ms, and from the second reply on prev_total_ms: from reply to reply, sending included}. HTTP's
// GET /healthz is answered with 200 "OK".
//
// One thread does all talk with all clients and never waits for one of them or for the handler, so pings are answered
// while a policy thinks. The handler is called on threads of its own, `workers` of them.
//
// Browsers send `Origin`, and any page that somebody looks at could reach a loopback port: a handshake with it is
// answered 403 unless that origin is allowed. Programs send none.
//
// A request that can't be read, or for which the handler throws, is answered with one line of text, and its connection
// is closed (1007 or 1011); the others notice nothing. That line is the Error's where its kind is kInput or kUsage:
// that is the client's own blame. All else is told to `on_problem` alone: what a traceback says, names and paths, is
// nobody's business beyond this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heddle/wire/pack.h"
#include "heddle/wire/policy_url.h"
#include "heddle/wire/value.h"

namespace heddle::wire {

struct PolicyServerOptions {
  std::string address = "127.0.0.1";     // "0.0.0.0" or "::" are for networks where everybody may use the policy
  uint16_t port = kDefaultPolicyPort;    // 0: a free one is chosen
  int workers = 1;                       // calls of the handler side by side
  int max_clients = 16;                  // one more is answered HTTP 503
  size_t max_message_bytes = 32u << 20;  // of a request; a client may cost some five times of it in memory
  double handshake_timeout_s = 5;
  double message_timeout_s = 10;  // from a request's first bytes to its last, and for a client to take a reply
  double idle_timeout_s = 40;     // silence before a client is given up; it is pinged at half of it
  UnpackLimits limits = {};
  std::vector<std::string> allowed_origins = {};  // "http://localhost:3000": of pages whose scripts may ask, too
  // Told what went wrong, one line each; called on the server's threads, several at once. May be empty.
  std::function<void(const std::string& problem)> on_problem = {};
};

using PolicyHandler = std::function<Value(const Value& observation)>;  // returns a map

class PolicyServer {
 public:
  // Listens when it is made. A usage error for options that can't be, kSystem where the address can't be had.
  PolicyServer(const Value& metadata, PolicyHandler handler, const PolicyServerOptions& options = {});
  ~PolicyServer();  // stops
  PolicyServer(const PolicyServer&) = delete;
  PolicyServer& operator=(const PolicyServer&) = delete;

  uint16_t port() const;
  int num_clients() const;  // shaken hands with and not gone yet

  // Tells the clients (1001), waits for calls of the handler that have begun, and no longer than a fifth of a second
  // for anything else. Not from the handler. A second call does nothing.
  void Stop();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace heddle::wire
